// What the eye finds wrong on a page as it stands: a list of sentences, empty where all is well.
// Letters are judged by the boxes of their lines of text, cut to what their clipping parts show.
({ isPlace, picture, isTall }) => {
  const faults = [];
  const say = (what, text, ...more) =>
    faults.push([what, JSON.stringify(text.trim().slice(0, 40)), ...more].join(" "));
  const near = 1; // px by which boxes may touch
  const AXES = ".year, .weeks, .axis, .chart, .sheet";
  const place = (of) => of.closest("[class]")?.getAttribute("class") ?? of.localName;

  // Parts that cut off what does not fit, from the outermost: the boxes that they show.
  const cutters = new Map();
  const cutter = (of) => {
    if (!of || of === document.body || of === document.documentElement) return null;
    if (cutters.has(of)) return cutters.get(of);
    const style = getComputedStyle(of);
    const svg = of.localName === "svg";
    const cuts = svg || style.overflowX !== "visible" || style.overflowY !== "visible";
    const above = style.position === "fixed" ? null : cutter(of.parentElement);
    const own = cuts && { of, above, style, box: of.getBoundingClientRect() };
    cutters.set(of, own || above);
    return own || above;
  };
  const floats = new Map(); // what lies over the page: its own layer
  const layer = (of) => {
    if (!of || of === document.documentElement) return "";
    if (!floats.has(of)) {
      const position = getComputedStyle(of).position;
      const own = position === "fixed" || position === "sticky";
      floats.set(of, own ? `${position} ${of.localName} ${of.className}` : layer(of.parentElement));
    }
    return floats.get(of);
  };

  const lines = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (texts.nextNode()) {
    const node = texts.currentNode;
    const of = node.parentElement;
    const text = node.textContent;
    if (!text.trim() || of.closest(".hidden, .skip, script, style, noscript, title, option")) continue;
    if (!of.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const svg = of.ownerSVGElement;
    const scale = svg?.getScreenCTM()?.a ?? 1;
    const size = parseFloat(getComputedStyle(of).fontSize) * scale;
    if (size < (of.closest(AXES) ? 10.45 : 10.99)) say("too small:", text, `${size} px`, place(of));
    const days = of.closest("td, th, [data-label]") ? text.matchAll(/\d{4}-\d\d-\d\d/g) : [];
    for (const day of days) {
      range.setStart(node, day.index);
      range.setEnd(node, day.index + day[0].length);
      const tops = [...range.getClientRects()].map((box) => Math.round(box.top));
      if (new Set(tops).size > 1) say("a date is broken:", text, place(of));
    }
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.width < 1) continue;
      const middle = (box.top + box.bottom) / 2;
      // Letters fill about nine tenths of their size, whatever the line is that they stand on.
      const seen = {
        text, of, svg,
        left: box.left + near, right: box.right - near,
        top: middle - 0.42 * size, bottom: middle + 0.42 * size,
      };
      let cut = "";
      for (let each = cutter(of); each; each = each.above) {
        const { style } = each;
        const scrolls = /auto|scroll/.test(style.overflowX + style.overflowY);
        const wide = seen.right - each.box.right > near || each.box.left - seen.left > near;
        const high = seen.bottom - each.box.bottom > 2 || each.box.top - seen.top > 2;
        const told = style.textOverflow === "ellipsis" || of.closest("[title]");
        if ((wide && !told && !scrolls) || (high && !scrolls && !told)) cut ||= place(each.of);
        seen.left = Math.max(seen.left, each.box.left);
        seen.right = Math.min(seen.right, each.box.right);
        seen.top = Math.max(seen.top, each.box.top);
        seen.bottom = Math.min(seen.bottom, each.box.bottom);
      }
      if (cut) say("cropped:", text, `in ${cut}`);
      if (seen.right > seen.left && seen.bottom > seen.top) lines.push(seen);
    }
  }

  lines.sort((a, b) => a.top - b.top);
  lines.forEach((one, at) => {
    for (let next = at + 1; next < lines.length && lines[next].top < one.bottom - near; next++) {
      const other = lines[next];
      if (other.left >= one.right || one.left >= other.right) continue;
      if (one.of === other.of || layer(one.of) !== layer(other.of)) continue;
      say("overlaps:", one.text, JSON.stringify(other.text.trim().slice(0, 40)), place(other.of));
    }
  });

  for (const part of document.querySelectorAll("main *")) {
    if (part.scrollWidth <= part.clientWidth + 1 || !part.clientWidth || !part.checkVisibility()) continue;
    // Figures and fields that are compared by column keep their columns under each other.
    if (!isPlace && part.matches(".table:not(:has([data-label]))")) continue;
    if (/auto|scroll/.test(getComputedStyle(part).overflowX)) say("scrolls sideways:", place(part));
  }
  if (document.documentElement.scrollWidth > innerWidth)
    say("the page scrolls sideways:", `${document.documentElement.scrollWidth}`);
  const shown = (selector) =>
    [...document.querySelectorAll(selector)].filter((each) => each.checkVisibility()).length;
  if (shown("main .primary") > 1) say("primary buttons:", `${shown("main .primary")}`);
  if (shown(".heading .actions > *") > 3) say("buttons in the head:", `${shown(".heading .actions > *")}`);
  if (window.shifted >= 0.01) say("shifts:", `${window.shifted} ${window.shiftedParts}`);

  if (picture) {
    const box = document.querySelector(picture)?.getBoundingClientRect();
    if (!box?.height) say("no picture:", picture);
    else if (box.top > 220 || (!isTall && box.bottom > innerHeight))
      say("not on the first screen:", picture, `${box.top} to ${box.bottom}`);
  }
  return [...new Set(faults)];
}
