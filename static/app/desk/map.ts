/** The map of the desk is a program of its own: it is fetched where a page has room for it. */
export async function maps(): Promise<void> {
  const root = document.querySelector<HTMLElement>('[data-map]');
  if (!root) return;
  const { mount } = await import('./map/mount');
  mount(root);
}
