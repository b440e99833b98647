let fontFamily = '';
let context: CanvasRenderingContext2D | null | undefined;

/** The width in px of a text in the font of the page, with room for what is set bolder. */
export function measureText(text: string, sizePx: number): number {
  if (context === undefined) {
    ({ fontFamily } = getComputedStyle(document.body));
    context = document.createElement('canvas').getContext('2d');
  }
  if (context === null) return (text.length * sizePx) / 2;
  context.font = `500 ${sizePx}px ${fontFamily}`;
  // The page sets figures of one width.
  return context.measureText(text.replaceAll(/\d/g, '0')).width + 2;
}
