/** Icons that only the playbook shows. */
export const FLAG = 'M6 21V4h11.5l-2.2 4 2.2 4H6';
export const TALK = 'M4 5.5h16v11H11.5l-4.5 3.7v-3.7H4zM8 9.4h8M8 12.8h5';
export const SAID = 'M4 5.5h16v11H11.5l-4.5 3.7v-3.7H4zM8.3 11h.1M12 11h.1M15.7 11h.1';
export const SPEAKER =
  'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11';
export const STOP = 'M7 7h10v10H7z';
export const TACK = 'M9 4h6l-.8 6 3.3 3.5H6.5L9.8 10zM12 13.5V20.5';
export const ASK = 'M9 9.2a3 3 0 1 1 4.6 2.5c-1 .7-1.6 1.3-1.6 2.6M12 18v.1';
export const LINKS =
  'M10 13.5a3.5 3.5 0 0 0 5 0l3-3a3.5 3.5 0 0 0-5-5l-1 1M14 10.5a3.5 3.5 0 0 0-5 0l-3 3a3.5 3.5 0 0 0 5 5l1-1';
