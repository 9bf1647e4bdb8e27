/** Icons that only the screens of alerts show: they travel with them. */
export const BANK = 'M3.5 9.5 12 4l8.5 5.5zM5 20h14M6.5 10v7M10.2 10v7M13.8 10v7M17.5 10v7';
export const FAMILY =
  'M5 8a3 3 0 1 0 6 0a3 3 0 1 0-6 0zM14.2 10.5a2.3 2.3 0 1 0 4.6 0a2.3 2.3 0 1 0-4.6 0zM2.5 19.5c.4-3.6 2.4-5.4 5.5-5.4s5 1.8 5.5 5.4M14.5 15.2c3.5-.9 6.3.6 6.9 4.3';
export const GO = 'M20.5 3.5 13.8 20.5l-3.3-7-7-3.3z';
export const MESSAGE = 'M4 5.5h16v11H11.5l-4.5 3.7v-3.7H4zM8.3 11h.1M12 11h.1M15.7 11h.1';
export const MORE = 'M6 12h.1M12 12h.1M18 12h.1';
export const PEOPLE =
  'M5.8 8.5a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0-6.4 0zM2.8 19.5c.6-3.4 3-5 6.2-5s5.6 1.6 6.2 5M15.5 5.6a3.1 3.1 0 0 1 0 5.9M17.5 14.8c2 .5 3.3 2 3.7 4.7';
export const SHIELD = 'M12 3.5 5 6v5.5c0 4.2 2.9 7.4 7 9 4.1-1.6 7-4.8 7-9V6zM9 12l2.2 2.2L15.2 10';
export const WORK = 'M4 8.5h16v11H4zM9 8.5V5.5h6v3M4 13h16';
