/** Tells this member's other tabs that something changed, and hears it from them. */

export interface Channel {
  tell(): void;
  close(): void;
}

export function openChannel(name: string, heard: () => void): Channel {
  if (typeof BroadcastChannel === 'undefined') return { tell: () => {}, close: () => {} };
  const channel = new BroadcastChannel(name);
  channel.onmessage = heard;
  return { tell: () => channel.postMessage('changed'), close: () => channel.close() };
}
