import { expect, it } from 'vitest';
import { vcard } from './vcard';

const contact = {
  name: '周小甲',
  community: '甲社区',
  role: '甲社区反诈志愿者',
  phone: '000-1234 5678',
  note: '编号 甲-0218',
  url: 'https://example.org/r/1',
};

it('a contact card is one that phones can read', () => {
  const lines = vcard(contact).split('\r\n');
  expect(lines.slice(0, 2)).toEqual(['BEGIN:VCARD', 'VERSION:3.0']);
  expect(lines.slice(-2)).toEqual(['END:VCARD', '']);
  expect(lines).toContain('FN:周小甲');
  expect(lines).toContain('TEL;TYPE=WORK,VOICE:00012345678');
});

it('a name cannot break out of its line', () => {
  const text = vcard({ ...contact, name: 'A;B,C\\D\nTEL:110', phone: null });
  expect(text).toContain('FN:A\\;B\\,C\\\\D\\nTEL:110\r\n');
  expect(text.split('\r\n').filter((line) => line.startsWith('TEL'))).toEqual([]);
});
