// Runs before the first paint, out of the page itself: nothing is waited for, and a dark page never
// flashes white. The server allows it by its hash (server/http/spa.ts). The key is Mantine's default.
(function () {
  var root = document.documentElement;
  var choice = 'auto';
  try {
    choice = localStorage.getItem('mantine-color-scheme-value') || 'auto';
  } catch {
    // Storage may be blocked; the system's preference still applies.
  }
  var dark =
    choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
  // Pages of a scope have a navigation beside them.
  var scoped = /\/(corporate|accounts\/\d+|environments\/\d+)(\/|$)/.test(location.pathname);
  root.setAttribute('data-frame', scoped ? 'scope' : 'bare');
  addEventListener(
    'error',
    function (event) {
      // A font or an image that is missing is no reason to give up.
      var at = event.target;
      if (at.tagName === 'SCRIPT' || at.rel === 'stylesheet') root.dataset.frame = 'failed';
    },
    true,
  );
})();
