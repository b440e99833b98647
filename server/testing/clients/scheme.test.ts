import { describe, expect, it } from 'vitest';
import { levels } from '#contract/scope.ts';
import { cliRoutes } from '#contract/specification/cli-routes.ts';
import { emitSwagger } from '#contract/specification/swagger.ts';
import { readScheme, scopePrefix } from './scheme.ts';

const scheme = readScheme();

describe.each(levels)('the table of the real scalr-ctl at the %s level', (level) => {
  const commands = scheme.filter((command) => command.level === level);
  const methodsAt = (path: string) =>
    [
      ...new Set(commands.filter((one) => one.path === path).map(({ method }) => method)),
    ].toSorted();

  it('is what Slipway knows of it', () => {
    for (const [path, methods] of Object.entries(cliRoutes[level]))
      expect(methods.split(' ').toSorted(), path).toEqual(methodsAt(path));
  });

  it('finds each of its methods at every path that is listed', () => {
    for (const [route, item] of Object.entries(emitSwagger(level).paths))
      for (const method of methodsAt(route.slice(scopePrefix[level].length)))
        expect(item, route).toHaveProperty(method.toLowerCase());
  });
});
