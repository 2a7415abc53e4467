// Keeps a served page up to date: the server says that there is something new, and what differs is taken over. What a
// person has opened stays open, and the keyboard stays where it was.
(() => {
  const live = document.getElementById("live");

  const say = (words, away) => {
    live.textContent = words;
    live.classList.toggle("away", away);
  };

  /** Opens and closes what is new as what it replaces. */
  const keepOpen = (next) => {
    for (const one of document.querySelectorAll("details[data-key]")) {
      const same = next.querySelector(`details[data-key="${CSS.escape(one.dataset.key)}"]`);
      if (same) same.open = one.open;
    }
  };

  const focused = () => {
    const at = document.activeElement;
    const key = at?.closest("details[data-key]")?.dataset.key;
    if (at?.id) return () => document.getElementById(at.id);
    if (at?.tagName !== "SUMMARY" || key === undefined) return () => null;
    return () => document.querySelector(`details[data-key="${CSS.escape(key)}"] > summary`);
  };

  /** Takes over each part that differs; parts that came or went make the whole differ. */
  const takeOver = (next) => {
    const ids = (from) => [...from.querySelectorAll("main > section")].map(({ id }) => id).join();
    const again = focused();
    const places =
      ids(document) === ids(next) ? "main > section, nav, footer" : "main, nav, footer";
    const newer = [...next.querySelectorAll(places)];
    for (const [at, old] of [...document.querySelectorAll(places)].entries())
      if (newer[at] && !old.isEqualNode(newer[at])) old.replaceWith(newer[at]);
    if (document.activeElement === document.body) again()?.focus({ preventScroll: true });
  };

  let busy = false;
  let missed = false;
  const renew = async () => {
    missed = busy;
    if (busy) return;
    busy = true;
    try {
      const answer = await fetch("/", { cache: "no-store" });
      const next = new DOMParser().parseFromString(await answer.text(), "text/html");
      keepOpen(next);
      takeOver(next);
      say("live", false);
    } catch {
      say("not live: `npm run report -- --serve` has ended", true);
    } finally {
      busy = false;
    }
    if (missed) await renew();
  };

  const events = new EventSource("/events");
  events.onmessage = renew;
  events.onopen = () => say("live", false);
  events.onerror = () => say("not live: `npm run report -- --serve` has ended", true);
})();
