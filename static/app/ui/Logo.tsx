/** The door that is knocked at. */
export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
      <path class="logo-door" d="M3 30V12.5A8.5 8.5 0 0 1 11.5 4h1A8.5 8.5 0 0 1 21 12.5V30z" />
      <circle class="logo-ring" cx="12" cy="17.5" r="3.7" />
      <circle class="logo-knob" cx="12" cy="13" r="1.9" />
      <path class="logo-knock" d="M24.5 9.5l3-3.2M25.8 14.6l4.2-.9M25.3 19.8l3.7 1.8" />
    </svg>
  );
}
