import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { text } from '../i18n';
import { type Frame, lazy, loadTheRest } from './lazy';
import { unsavedForms } from './typing';

const t = text.value.common;
const atOnce = async (): Promise<void> => {};

type Props = { who: string; onClose?: () => void };
const Greeting = ({ who }: Props) => <p>Hello {who}</p>;

/** A part whose file comes, or does not, when the test says so. */
function part(frame: Frame = 'screen') {
  const asked: { come: () => void; fail: () => void }[] = [];
  const load = vi.fn(
    () =>
      new Promise<typeof Greeting>((resolve, reject) => {
        asked.push({ come: () => resolve(Greeting), fail: () => reject(new Error('no network')) });
      }),
  );
  return { Part: lazy<Props>(load, frame), load, asked };
}

afterEach(() => {
  cleanup();
  unsavedForms.value = 0;
});

// Stands first: the parts of the other tests never come.
it('loads the rest in idle time, one after the other, and goes on after a failure', async () => {
  const first = part();
  const second = part();
  const done = loadTheRest(atOnce);
  await waitFor(() => expect(first.asked).toHaveLength(1));
  expect(second.load).not.toHaveBeenCalled();
  first.asked[0]!.fail();
  await waitFor(() => expect(second.asked).toHaveLength(1));
  second.asked[0]!.come();
  await done;
  render(<second.Part who="Ann" />);
  expect(screen.getByText('Hello Ann')).toBeTruthy();
});

describe('a lazy screen', () => {
  it('says that it is opening, then shows what came, with its properties', async () => {
    const { Part, asked } = part();
    render(<Part who="Ann" />);
    expect(screen.getByText(t.loading)).toBeTruthy();
    asked[0]!.come();
    expect(await screen.findByText('Hello Ann')).toBeTruthy();
    expect(screen.queryByText(t.loading)).toBeNull();
  });

  it('is there at once the second time, and is not asked for again', async () => {
    const { Part, load, asked } = part();
    const first = render(<Part who="Ann" />);
    asked[0]!.come();
    await screen.findByText('Hello Ann');
    first.unmount();
    render(<Part who="Ben" />);
    expect(screen.getByText('Hello Ben')).toBeTruthy();
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('that did not come offers to try again', async () => {
    const { Part, asked } = part();
    render(<Part who="Ann" />);
    asked[0]!.fail();
    fireEvent.click(await screen.findByRole('button', { name: t.retry }));
    await waitFor(() => expect(asked).toHaveLength(2));
    asked[1]!.come();
    expect(await screen.findByText('Hello Ann')).toBeTruthy();
  });

  it('that fails twice loads the page again, unless something typed would be lost', async () => {
    const reload = vi.spyOn(location, 'reload').mockImplementation(() => {});
    const { Part, asked } = part();
    render(<Part who="Ann" />);
    asked[0]!.fail();
    fireEvent.click(await screen.findByRole('button', { name: t.retry }));
    await waitFor(() => expect(asked).toHaveLength(2));
    asked[1]!.fail();
    unsavedForms.value = 1;
    fireEvent.click(await screen.findByRole('button', { name: t.retry }));
    expect(reload).not.toHaveBeenCalled();
    await waitFor(() => expect(asked).toHaveLength(3));
    asked[2]!.fail();
    unsavedForms.value = 0;
    fireEvent.click(await screen.findByRole('button', { name: t.retry }));
    expect(reload).toHaveBeenCalledTimes(1);
  });
});

it('a lazy sheet can be closed before it is there', () => {
  const { Part } = part('sheet');
  const closed = vi.fn();
  render(<Part who="Ann" onClose={closed} />);
  fireEvent.click(screen.getByRole('button', { name: t.close }));
  expect(closed).toHaveBeenCalledTimes(1);
});

it('a lazy part of a screen leaves its place empty until it is there', async () => {
  const { Part, asked } = part('part');
  const { container } = render(<Part who="Ann" />);
  expect(container.textContent).toBe('');
  asked[0]!.come();
  expect(await screen.findByText('Hello Ann')).toBeTruthy();
});
