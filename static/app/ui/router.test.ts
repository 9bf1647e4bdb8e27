import { beforeEach, describe, expect, it } from 'vitest';
import { back, go, href, interceptLinks, match, path, query } from './router';

beforeEach(() => {
  history.replaceState(null, '', '/app');
  go('/', { replace: true });
});

describe('patterns', () => {
  it('give the parts of an address', () => {
    expect(match('/building/:id/door/:door', '/building/b%201/door/h2')).toEqual({
      id: 'b 1',
      door: 'h2',
    });
  });

  it('may end in parts that can be missing', () => {
    const pattern = '/building/:id/:over?/:door?';
    expect(match(pattern, '/building/b1')).toEqual({ id: 'b1' });
    expect(match(pattern, '/building/b1/add')).toEqual({ id: 'b1', over: 'add' });
    expect(match(pattern, '/building/b1/door/h2')).toEqual({ id: 'b1', over: 'door', door: 'h2' });
    expect(match(pattern, '/building')).toBeNull();
    expect(match(pattern, '/building/b1/door/h2/more')).toBeNull();
  });

  it('match whole addresses only', () => {
    expect(match('/building/:id', '/building/b1/add')).toBeNull();
    expect(match('/outbox', '/me')).toBeNull();
  });
});

describe('going about', () => {
  it('keeps path and query in step with the address', () => {
    go('/building/b1?unit=2');
    expect(location.pathname).toBe('/app/building/b1');
    expect(path.value).toBe('/building/b1');
    expect(query.value.get('unit')).toBe('2');
  });

  it('falls back to a given screen when there is nothing behind', () => {
    go('/building/b1/door/h1', { replace: true });
    back('/building/b1');
    expect(path.value).toBe('/building/b1');
  });

  it('writes the root without a slash', () => {
    expect(href('/')).toBe('/app');
    expect(href('/me')).toBe('/app/me');
  });
});

describe('links', () => {
  function tap(address: string): { prevented: boolean } {
    const link = document.createElement('a');
    link.href = address;
    document.body.append(link);
    const event = new MouseEvent('click', { bubbles: true, cancelable: true, button: 0 });
    link.addEventListener('click', interceptLinks as EventListener);
    link.dispatchEvent(event);
    link.remove();
    return { prevented: event.defaultPrevented };
  }

  it('inside the app do not reload the page', () => {
    expect(tap('/app/me').prevented).toBe(true);
    expect(path.value).toBe('/me');
  });

  it('to the coordinator pages and other sites do', () => {
    expect(tap('/coverage').prevented).toBe(false);
    expect(tap('/apple').prevented).toBe(false);
    expect(tap('https://example.org/app').prevented).toBe(false);
    expect(path.value).toBe('/');
  });
});
