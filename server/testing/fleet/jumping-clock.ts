// Loaded into a process (`--import`) whose clock then jumps by hours, forward and back, twice a second. What is
// measured, such as deadlines and rests, goes on as it did: only the time of day is wrong.

const RealDate = Date;
const hourMs = 3_600_000;
const offsetsMs = [hourMs, -hourMs, 0, 30 * hourMs, -30 * hourMs];
let turn = 0;
setInterval(() => (turn += 1), 500).unref();

const now = () => RealDate.now() + (offsetsMs[turn % offsetsMs.length] ?? 0);

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, self) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, self) as Date,
  get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
});
