// Nothing that anybody types can contain it, since it is another one each time that the page is opened.
const mark = `later${Math.random().toString(36).slice(2)}`;

/**
 * Stands in a change that is only shown for an id that a change before it will make: a number by its
 * type alone. The commands have a variable in its place.
 * @param variable its name: letters and digits
 */
export function laterId(variable: string): number {
  return `${mark}.${variable}` as unknown as number;
}

/** Where such ids are in a text: in JSON with the quotes that a number does not have. */
export const laterIds = new RegExp(`"${mark}\\.(\\w+)"|${mark}\\.(\\w+)`, 'g');
