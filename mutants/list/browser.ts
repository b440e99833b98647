import type { Mutant } from '../mutant.ts';

/** What only a browser shows; each takes a build and a server, so they are few. */
export const browser: Mutant[] = [
  {
    defect: 'Replace goes by the preview of another choice, while the next is on its way',
    file: 'src/components/flows/use-replacement.ts',
    find: ' && !isPlaceholderData',
    replace: '',
    test: 'e2e/replace.spec.ts',
    name: 'waits for the preview of what is chosen now',
  },
  {
    defect: 'Replace goes by the preview of another choice, before the next is asked for',
    file: 'src/components/flows/use-replacement.ts',
    find: 'asked === wanted && ',
    replace: '',
    test: 'e2e/replace.spec.ts',
    name: 'waits for the preview of what is chosen now',
  },
  {
    defect: 'the next page is not fetched ahead',
    file: 'src/api/query.ts',
    find: 'if (next === undefined)',
    replace: 'if (true)',
    test: 'e2e/prefetch.spec.ts',
    name: 'the next page of a list is fetched, once somebody looks at this one',
  },
  {
    defect: 'what a link leads to is not fetched ahead',
    file: 'src/main.tsx',
    find: 'prefetchLinks(routes);',
    replace: '',
    test: 'e2e/prefetch.spec.ts',
    name: 'what a link leads to is fetched, once somebody points at it',
  },
  {
    defect: 'a page whose code is gone is loaded anew for ever',
    file: 'src/util/code.ts',
    find: 'Date.now() - last < onceMs',
    replace: 'false',
    test: 'e2e/away.spec.ts',
    name: 'and never has again, is said, with what to do',
  },
  {
    defect: 'what is asked before something is left can be answered before the browser is back',
    file: 'src/layouts/LeaveGuard.tsx',
    find: '!isBlocked || !isInPlace',
    replace: '!isBlocked',
    test: 'e2e/leaving.spec.ts',
    name: 'asks each time, however slow the browser is to go forward again',
  },
  {
    defect: 'Escape on the button of a menu does nothing',
    file: 'src/hooks/use-menu.ts',
    find: "if (key === 'Escape') onChange?.(false);",
    replace: '',
    test: 'e2e/shell.spec.ts',
    name: 'closes what a button has opened while the focus is still on the button',
  },
];
