let ruler: HTMLElement | undefined;
const known = new Map<string, number>();

function makeRuler(): HTMLElement {
  const made = document.createElement('span');
  made.style.cssText =
    'position: fixed; visibility: hidden; white-space: pre; font-weight: 500; contain: layout style';
  made.ariaHidden = 'true';
  document.body.append(made);
  return made;
}

/**
 * The width in px of a text as the page would set it, with room for what is set bolder. A canvas would not
 * do: it knows neither figures of one width nor the page's other settings of its font. Each text is
 * measured once; what is measured before the font is there is wrong for good.
 */
export function measureText(text: string, sizePx: number): number {
  const key = `${sizePx} ${text}`;
  let width = known.get(key);
  if (width === undefined) {
    ruler ??= makeRuler();
    ruler.style.fontSize = `${sizePx}px`;
    ruler.textContent = text;
    width = ruler.getBoundingClientRect().width + 2;
    known.set(key, width);
  }
  return width;
}
