/** A work contact card to hand on: vCard 3.0 (RFC 2426), which every phone's contacts can read. */

export interface Contact {
  name: string;
  community: string;
  role: string;
  phone: string | null;
  note: string;
  url: string;
}

const escaped = (text: string): string =>
  text.replace(/([\\;,])/g, '\\$1').replace(/\r?\n/g, '\\n');

export function vcard({ name, community, role, phone, note, url }: Contact): string {
  const lines = [
    'BEGIN:VCARD',
    'VERSION:3.0',
    `N:${escaped(name)};;;;`,
    `FN:${escaped(name)}`,
    `ORG:${escaped(community)}`,
    `TITLE:${escaped(role)}`,
    ...(phone ? [`TEL;TYPE=WORK,VOICE:${phone.replace(/[^\d+]/g, '')}`] : []),
    `URL:${url}`,
    `NOTE:${escaped(note)}`,
    'END:VCARD',
  ];
  return `${lines.join('\r\n')}\r\n`;
}
