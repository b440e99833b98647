import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { marked } from 'marked';
import { defineConfig, runnerImport } from 'vite';
import type { Plugin } from 'vite';
import type { OperationSpec } from '#contract/operation.ts';
import { wordHelp } from './src/components/help/word-help.ts';
import { sectionAnchor } from './src/util/section-anchor.ts';

const tableFile = fileURLToPath(new URL('contract/operations.ts', import.meta.url));
const pageCode = fileURLToPath(new URL('src/', import.meta.url));
const slimTable = '\0slim-operations';

/** What the page needs of an operation: where its request goes. */
type Row = Pick<OperationSpec, 'method' | 'path' | 'levels' | 'kind'>;

const allLevels = 'global,account,user';

const usualKind = (name: string) =>
  name.endsWith('List') ? 'list' : name.endsWith('Export') ? 'csv' : 'object';

/** A row as a line, with what is usual left out: spelled out, the names of its members would be half of the table. */
function toLine([name, { method, path, levels, kind }]: [string, Row]): string {
  const line = [
    name,
    method === 'GET' ? '' : method,
    path.slice(1, -1),
    levels.join() === allLevels ? '' : levels.join(),
    kind === usualKind(name) ? '' : kind,
  ];
  return line.join(' ').trimEnd();
}

/**
 * The page needs of the table of operations only where a request goes, not the schemas: those are the
 * server's business, and would be a fifth of the code of the first page. What pages validate forms
 * with, they import from the resource's own module.
 */
function slimOperations(): Plugin {
  return {
    name: 'slim-operations',
    enforce: 'pre',
    resolveId(source, importer) {
      const isFromPage = importer?.startsWith(pageCode) === true;
      return source === '#contract/operations.ts' && isFromPage ? slimTable : undefined;
    },
    async load(id) {
      if (id !== slimTable) return undefined;
      const { module } = await runnerImport<{ apiBase: string; operations: Record<string, Row> }>(
        tableFile,
      );
      const rows = Object.entries(module.operations).map(toLine);
      this.addWatchFile(tableFile);
      return [
        `export const operations = Object.fromEntries(${JSON.stringify(rows.join('\n'))}.split('\\n').map((line) => {`,
        `  const [name, method, path, levels, kind] = line.split(' ');`,
        `  return [name, { method: method || 'GET', path: '/' + path + '/', levels: (levels || '${allLevels}').split(','), kind: kind || (name.endsWith('List') ? 'list' : name.endsWith('Export') ? 'csv' : 'object') }];`,
        `}));`,
        `export const apiBase = ${JSON.stringify(module.apiBase)};`,
      ].join('\n');
    },
  };
}

const compressions = [
  { ending: 'br', compress: (content: Buffer) => promisify(brotliCompress)(content) },
  { ending: 'gz', compress: (content: Buffer) => promisify(gzip)(content, { level: 9 }) },
];

/**
 * Writes `x.js.br` and `x.js.gz` beside `x.js`: a tenth smaller than what a server can afford to
 * compress per request, and done once.
 */
function precompress(): Plugin {
  return {
    name: 'precompress',
    apply: 'build',
    async writeBundle({ dir = 'dist' }) {
      const folder = join(dir, 'assets');
      const texts = (await readdir(folder)).filter((name) => /\.(?:js|css)$/.test(name));
      for (const name of texts) {
        const content = await readFile(join(folder, name));
        for (const { ending, compress } of compressions) {
          await writeFile(join(folder, `${name}.${ending}`), await compress(content));
        }
      }
    },
  };
}

const firstPaintFolder = new URL('src/first-paint/', import.meta.url);
const firstStyles = ['../styles/tokens.css', 'frame.css'];
const stylesheet = /\s*<link rel="stylesheet"[^>]*>/g;

/**
 * Lets the frame of the page be painted out of index.html alone, whatever the line: its colours, its
 * styles and what chooses them stand in the page itself, and the styles of the rest come after it. The
 * code waits for those, so that nothing is ever seen without them.
 */
function firstPaint(): Plugin {
  return {
    name: 'first-paint',
    async generateBundle() {
      // The description of the API knows no hashes.
      const source = await readFile(new URL('../favicon.svg', firstPaintFolder));
      this.emitFile({ type: 'asset', fileName: 'favicon.svg', source });
    },
    transformIndexHtml: {
      order: 'post',
      async handler(html) {
        const read = (name: string) => readFile(new URL(name, firstPaintFolder), 'utf8');
        const styles = (await Promise.all(firstStyles.map(read))).join('\n');
        const inline = `<style>${withoutComments(styles)}</style>\n<script>${withoutComments(await read('first-paint.js'))}</script>`;
        const linked = html.match(stylesheet) ?? [];
        return html
          .replaceAll(stylesheet, '')
          .replace('<!-- first paint -->', () => inline)
          .replace('</body>', `${linked.join('')}\n  </body>`);
      },
    },
  };
}

/** What people read of these files, and the page need not carry. */
function withoutComments(code: string): string {
  return code
    .replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
    .replaceAll(/\s*\n\s*/g, '\n')
    .trim();
}

const helpFile = new URL('docs/domain.md', import.meta.url);
const helpPath = 'help/domain.html';
const coloursPath = 'help/colours.js';

/** docs/domain.md as a page: sections have anchors, where the words of the page lead, and tables their own scroll. */
async function renderHelp(): Promise<string> {
  const headings: string[] = [];
  const body = marked
    .parse(await readFile(helpFile, 'utf8'), { async: false })
    .replaceAll(/<h2>(.*?)<\/h2>/g, (_all, heading: string) => {
      headings.push(heading);
      return `<h2 id="${sectionAnchor(heading)}">${heading}</h2>`;
    })
    .replaceAll('<table>', '<div class="wide" tabindex="0"><table>')
    .replaceAll('</table>', '</table></div>');
  for (const { section } of Object.values(wordHelp))
    if (!headings.includes(section)) throw new Error(`docs/domain.md has no section ${section}`);
  const contents = headings.map((text) => `<li><a href="#${sectionAnchor(text)}">${text}</a></li>`);
  const styles = ['../styles/tokens.css', '../help/help.css'].map((name) =>
    readFile(new URL(name, firstPaintFolder), 'utf8'),
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<title>The rules of Slipway</title>
<link rel="icon" href="../favicon.svg" type="image/svg+xml" />
<style>${withoutComments((await Promise.all(styles)).join('\n'))}</style>
<script src="colours.js"></script>
</head>
<body>
<nav aria-label="Contents"><ul>${contents.join('')}</ul></nav>
<main>${body}</main>
</body>
</html>
`;
}

/** Help that needs no other host: the rules that the question marks of the page lead to. */
function helpPage(): Plugin {
  const colours = () => readFile(new URL('first-paint.js', firstPaintFolder), 'utf8');
  return {
    name: 'help-page',
    async generateBundle() {
      this.emitFile({ type: 'asset', fileName: helpPath, source: await renderHelp() });
      this.emitFile({ type: 'asset', fileName: coloursPath, source: await colours() });
    },
    configureServer({ middlewares }) {
      const serve = (path: string, type: string, make: () => Promise<string>) =>
        middlewares.use(`/${path}`, (_request, response, next) => {
          make().then((text) => response.setHeader('content-type', type).end(text), next);
        });
      serve(helpPath, 'text/html; charset=utf-8', renderHelp);
      serve(coloursPath, 'text/javascript', colours);
    },
  };
}

/** What several pages share and the first one does without, from what the others stand on upwards. */
const shared = [
  {
    name: 'overlays',
    test: /node_modules\/(?:@floating-ui\/|@mantine\/core\/esm\/components\/(?:Menu|Popover)\/)/,
  },
  { name: 'modals', test: /node_modules\/@mantine\/core\/esm\/components\/Modal/ },
  { name: 'zod', test: /node_modules\/zod\// },
  { name: 'inputs', test: /node_modules\/@mantine\// },
  // The first page names every file there is: what many pages share a little of is one.
  { name: 'shared', test: /\/src\/(?:api|util|hooks)\// },
  {
    name: 'details',
    test: /\/src\/(?:components\/(?:activity\/|filters\/days|[^/]+$)|layouts\/(?:activity|servers|replacements|[^/]*(?:Page|Layout)\.tsx))/,
  },
  {
    name: 'dialogs',
    test: /\/src\/components\/(?:dialogs\/\w*Dialog\.tsx|as-command\/(?:AsCommand|CommandText)\.tsx)/,
  },
  {
    name: 'contract',
    test: /\/contract\/(?:(?:fields|list|operation|actions)\.ts|images\/(?:images|places)\.ts)/,
  },
  {
    name: 'forms',
    test: /\/src\/components\/(?:forms\/|options\/ObjectSelect|servers\/TypedCount)/,
  },
];

export default defineConfig({
  // The server knows the path that people see, not the build: it writes it into the page (server/http/spa.ts).
  base: './',
  plugins: [slimOperations(), react(), firstPaint(), helpPage(), precompress()],
  build: {
    // One file of styles: a page that is turned to never waits for its own, or fails for want of them.
    cssCodeSplit: false,
    outDir: 'dist',
    target: 'es2023',
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // The first page names every file: what no page asks for by name goes without, and hashes are short.
        chunkFileNames: ({ isDynamicEntry }) =>
          `assets/${isDynamicEntry ? '[name]-' : ''}[hash:7].js`,
        codeSplitting: {
          // What the first page needs comes as two files: forty small ones would wait for each other.
          groups: [
            { name: 'libraries', tags: ['$initial'], test: /node_modules/, priority: 20 },
            { name: 'frame', tags: ['$initial'], priority: 19 },
            // A group takes along all that it needs and that no group before it has. So what many need comes
            // first, from the libraries up: otherwise whoever opens a menu would fetch the pages of people.
            ...shared.map((group, at) => ({ ...group, priority: shared.length - at })),
            { name: 'people', test: /\/src\/pages\/(?:people|keys|profile)\// },
            { name: 'clouds', test: /\/src\/pages\/(?:clouds|inventory)\// },
            { name: 'sign-in', test: /\/src\/pages\/(?:sign-in|welcome)\// },
          ],
        },
      },
    },
  },
  // `npm run dev` beside a server on another port: SLIPWAY_API=http://127.0.0.1:4401
  // The Host stays as it is: the server takes changes only from pages of its own address.
  server: {
    proxy: {
      '/api': { target: process.env.SLIPWAY_API ?? 'http://127.0.0.1:4400', changeOrigin: false },
    },
  },
});
