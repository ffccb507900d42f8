// How the marks and ties of a network look on the canvas. A role is a shape, a category a fill with
// its letter, a person two signs of the name; sizes are those of drawing.py.

/** @import { Guide, Mark, MoreMark, PersonMark, Place, Tie } from '../types/served.js' */

/**
 * What a painting goes by.
 * @typedef {object} Look
 * @property {Colours} colours
 * @property {string | null} chosen id of the person, tie or "more" node that is selected
 * @property {string | null} hovered id of the tie under the pointer
 * @property {Set<string> | null} lit ids drawn in full colour; null: all
 * @property {number} scale
 * @property {(id: string) => Mark | undefined} node
 * @property {(id: string) => boolean} isLit
 * @property {(tie: Tie) => boolean} isOnWay
 *
 * @typedef {ReturnType<typeof readColours>} Colours
 * @typedef {{ left: number, right: number, top: number, bottom: number }} Area
 * @typedef {Area & { id: string }} Label
 * @typedef {CanvasRenderingContext2D} Canvas
 * @typedef {{ hover: boolean }} State of a mark
 */

export const REACH = 17; // from the middle of a mark to its farthest point
export const RADIUS = 14;
const HALO = 6; // how much farther the ring of the one selected reaches
const FONT = 13;
const LINE = 16;
const SMALL = 0.35; // below this scale a mark is only its shape and its name

/** @param {Element} place */
export function readColours(place) {
  const style = getComputedStyle(document.documentElement);
  /** @type {Map<string, string>} */
  const read = new Map(); // a thousand marks share a few colours
  const token = (/** @type {string} */ name) => {
    const known = read.get(name) ?? style.getPropertyValue(`--${name}`).trim();
    read.set(name, known);
    return known;
  };
  return {
    token,
    ink: token('ink'),
    muted: token('muted'),
    surface: token('surface'),
    raised: token('raised'),
    thin: token('line'),
    line: token('line-strong'),
    accent: token('accent'),
    soft: token('accent-soft'),
    family: getComputedStyle(place).fontFamily,
  };
}

/**
 * Gives the renderer that vis-network calls for a node.
 * @param {Look} look
 * @param {Map<string, Label>} labels is told where each label was drawn
 */
export function renderer(look, labels) {
  /** @type {Map<string, number>} */
  const widths = new Map(); // of texts that were measured before
  return (/** @type {{ ctx: Canvas, id: string, x: number, y: number, state: State }} */ { ctx, id, x, y, state }) => {
    const node = look.node(id);
    if (!node) return {};
    return node.of !== undefined ? more(ctx, node, x, y, state) : mark(ctx, node, x, y, state);
  };

  /**
   * @param {Canvas} ctx
   * @param {PersonMark} node
   * @param {number} x
   * @param {number} y
   * @param {State} state
   */
  function mark(ctx, node, x, y, state) {
    const { id } = node;
    const { colours } = look;
    const chosen = id === look.chosen;
    const alpha = look.isLit(id) ? 1 : 0.2;
    return {
      drawNode() {
        const fill = colours.token(node.colour) || colours.muted;
        ctx.globalAlpha = alpha;
        if (chosen || state.hover) halo(ctx, x, y, chosen, colours);
        shape(ctx, node.role, x, y);
        ctx.fillStyle = fill;
        ctx.fill();
        ctx.lineWidth = node.asked ? 3 : 1;
        ctx.strokeStyle = node.asked ? colours.ink : colours.line;
        ctx.stroke();
        if (look.scale < SMALL) return;
        if (node.role === 'both') {
          ctx.globalAlpha = alpha * 0.6;
          diamond(ctx, x, y, RADIUS - 1);
          ctx.lineWidth = 1;
          ctx.strokeStyle = inkOn(fill);
          ctx.stroke();
          ctx.globalAlpha = alpha;
        }
        write(ctx, node.initials, x, y + 0.5, { colour: inkOn(fill), size: 10.5, weight: 600 });
        if (node.letter) badge(ctx, node.letter, x - RADIUS, y - RADIUS);
        if (node.beyond) beyond(ctx, x + RADIUS + 1, y - RADIUS + 2);
        if (node.pinned) pin(ctx, x + RADIUS, y + RADIUS - 2);
      },
      drawExternalLabel() {
        ctx.globalAlpha = alpha;
        const lines = node.label.split('\n');
        const drawn = lines.map((line, at) =>
          write(ctx, line, x, y + REACH + LINE * (at + 0.5), {
            colour: colours.ink,
            size: FONT,
            weight: node.asked || chosen ? 600 : 400,
            behind: colours.surface,
          }),
        );
        const half = Math.max(...drawn, 2 * REACH) / 2;
        labels.set(id, { id, left: x - half, right: x + half, top: y - REACH, bottom: y + REACH + LINE * lines.length });
      },
      nodeDimensions: { width: 2 * REACH, height: 2 * REACH },
    };
  }

  /**
   * "n more": what the cap left out.
   * @param {Canvas} ctx
   * @param {MoreMark} node
   * @param {number} x
   * @param {number} y
   * @param {State} state
   */
  function more(ctx, node, x, y, state) {
    const [width, height] = [44, 24];
    const { colours } = look;
    return {
      drawNode() {
        ctx.globalAlpha = look.isLit(node.id) ? 1 : 0.2;
        ctx.beginPath();
        ctx.roundRect(x - width / 2, y - height / 2, width, height, height / 2);
        ctx.fillStyle = node.id === look.chosen || state.hover ? colours.soft : colours.raised;
        ctx.fill();
        ctx.setLineDash([4, 3]);
        ctx.lineWidth = node.id === look.chosen ? 2 : 1;
        ctx.strokeStyle = colours.accent;
        ctx.stroke();
        ctx.setLineDash([]);
        write(ctx, node.label, x, y, { colour: colours.accent, size: 12, weight: 600 });
        labels.set(node.id, { id: node.id, left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 });
      },
      nodeDimensions: { width, height },
    };
  }

  /**
   * @param {Canvas} ctx
   * @param {string} letter
   * @param {number} x
   * @param {number} y
   */
  function badge(ctx, letter, x, y) {
    ctx.font = `600 10.5px ${look.colours.family}`;
    const half = Math.max(8, ctx.measureText(letter).width / 2 + 4);
    ctx.beginPath();
    ctx.roundRect(x - half, y - 8, 2 * half, 16, 8);
    ctx.fillStyle = look.colours.surface;
    ctx.fill();
    ctx.lineWidth = 1;
    ctx.strokeStyle = look.colours.line;
    ctx.stroke();
    write(ctx, letter, x, y + 0.5, { colour: look.colours.ink, size: 10.5, weight: 600 });
  }

  /**
   * A small plus: ties lead on from here, out of the picture.
   * @param {Canvas} ctx
   * @param {number} x
   * @param {number} y
   */
  function beyond(ctx, x, y) {
    ctx.beginPath();
    ctx.moveTo(x - 3, y);
    ctx.lineTo(x + 3, y);
    ctx.moveTo(x, y - 3);
    ctx.lineTo(x, y + 3);
    ctx.lineWidth = 1.2;
    ctx.strokeStyle = look.colours.muted;
    ctx.stroke();
  }

  /**
   * Placed by hand.
   * @param {Canvas} ctx
   * @param {number} x
   * @param {number} y
   */
  function pin(ctx, x, y) {
    circle(ctx, x, y, 2.5);
    ctx.fillStyle = look.colours.accent;
    ctx.fill();
  }

  /**
   * Write a text and give its width.
   * @param {Canvas} ctx
   * @param {string} text
   * @param {number} x
   * @param {number} y
   * @param {{ colour: string, size: number, weight: number, behind?: string }} style
   */
  function write(ctx, text, x, y, { colour, size, weight, behind }) {
    ctx.font = `${weight} ${size}px ${look.colours.family}`;
    ctx.textAlign = 'center';
    ctx.textBaseline = 'middle';
    if (behind && look.scale >= SMALL) {
      ctx.lineJoin = 'round';
      ctx.lineWidth = 4;
      ctx.strokeStyle = behind;
      ctx.strokeText(text, x, y);
    }
    ctx.fillStyle = colour;
    ctx.fillText(text, x, y);
    const key = `${ctx.font} ${text}`;
    const width = widths.get(key) ?? ctx.measureText(text).width;
    widths.set(key, width);
    return width;
  }
}

/**
 * What stands behind the marks: years with a line down, units in frames.
 * @param {Canvas} ctx
 * @param {Guide[]} guides
 * @param {Colours} colours
 */
export function paintGuides(ctx, guides, colours) {
  ctx.save();
  ctx.strokeStyle = colours.thin;
  ctx.fillStyle = colours.muted;
  ctx.lineWidth = 1;
  ctx.font = `600 ${FONT}px ${colours.family}`;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  for (const { kind, label, x, y, width, height } of guides) {
    ctx.beginPath();
    if (kind === 'year') {
      ctx.moveTo(x, y);
      ctx.lineTo(x, y + height);
    } else {
      ctx.roundRect(x, y, width, height, 8);
    }
    ctx.stroke();
    ctx.fillText(label, x + (kind === 'year' ? 6 : 12), y + (kind === 'year' ? 8 : 18));
  }
  ctx.restore();
}

/**
 * The ties that cross the part in view. Those of one look are one path: a stroke costs far more
 * than what it draws.
 * @param {Canvas} ctx
 * @param {Tie[]} ties
 * @param {Look} look
 * @param {(id: string) => Place | null | undefined} placed gives where a mark stands
 * @param {Area} area
 */
export function paintTies(ctx, ties, look, placed, area) {
  /** @type {Map<string, ReturnType<typeof styleOf> & { drawn: { tie: Tie, from: Place, to: Place }[] }>} */
  const looks = new Map();
  for (const tie of ties) {
    const [from, to] = [placed(tie.from), placed(tie.to)];
    if (!from || !to || isOutside(from, to, area)) continue;
    const style = styleOf(tie, look);
    const key = `${style.rank} ${style.colour} ${style.opacity} ${style.width} ${style.dashes}`;
    const same = looks.get(key) ?? { ...style, drawn: [] };
    looks.set(key, same);
    same.drawn.push({ tie, from, to });
  }
  ctx.save();
  for (const { colour, opacity, width, dashes, drawn } of [...looks.values()].sort((one, other) => one.rank - other.rank)) {
    ctx.globalAlpha = opacity;
    ctx.strokeStyle = colour;
    ctx.fillStyle = colour;
    ctx.lineWidth = width;
    ctx.setLineDash(dashes);
    ctx.beginPath();
    for (const { from, to } of drawn) {
      ctx.moveTo(from.x, from.y);
      ctx.lineTo(to.x, to.y);
    }
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.beginPath();
    for (const { tie, from, to } of drawn) {
      if (tie.style !== 'mentoring') continue;
      const reach = (/** @type {string} */ id) => (id === look.chosen ? REACH + HALO : REACH);
      arrow(ctx, from, to, width, reach(tie.to));
      if (tie.turned) arrow(ctx, to, from, width, reach(tie.from));
    }
    ctx.fill();
    for (const { tie, from, to } of drawn) {
      if (many(tie)) count(ctx, `×${tie.count}`, (from.x + to.x) / 2, (from.y + to.y) / 2, look.colours);
    }
  }
  ctx.restore();
}

/**
 * Whether a tie between two places cannot be seen in an area.
 * @param {Place} one
 * @param {Place} other
 * @param {Area} area
 */
export function isOutside(one, other, { left, top, right, bottom }) {
  return (
    Math.max(one.x, other.x) < left ||
    Math.min(one.x, other.x) > right ||
    Math.max(one.y, other.y) < top ||
    Math.min(one.y, other.y) > bottom
  );
}

/**
 * How a tie looks. What is stronger has a higher rank, and is painted later.
 * @param {Tie} tie
 * @param {Look} look
 */
export function styleOf(tie, { colours, lit, chosen, hovered, isOnWay }) {
  const bright = !lit || (lit.has(tie.from) && lit.has(tie.to));
  const touched = tie.id === chosen || tie.from === chosen || tie.to === chosen;
  const onWay = bright && isOnWay(tie);
  const strong = touched || onWay;
  return {
    rank: (bright ? 1 : 0) + (strong ? 1 : 0),
    colour: strong || tie.id === hovered ? colours.accent : tie.style === 'structure' ? colours.thin : colours.line,
    opacity: (bright ? 1 : 0.2) * (tie.ended && !onWay ? 0.45 : 1),
    width: tie.more || tie.style === 'structure' ? 1 : strong ? 2.4 : many(tie) ? 2.2 : 1.4,
    dashes: tie.more || tie.style === 'plain' ? [2, 4] : tie.planned ? [2, 6] : tie.style === 'posting' ? [6, 4] : [],
  };
}

/** @param {Tie} tie */
function many(tie) {
  return (tie.count ?? 1) > 1;
}

/**
 * A slim arrow whose point touches the mark it goes to.
 * @param {Canvas} ctx
 * @param {Place} from
 * @param {Place} to
 * @param {number} width
 * @param {number} reach
 */
function arrow(ctx, from, to, width, reach) {
  const away = Math.hypot(to.x - from.x, to.y - from.y);
  if (away < 2 * REACH) return;
  const [x, y] = [(to.x - from.x) / away, (to.y - from.y) / away];
  const long = 7.5 + 3 * width;
  const line = (/** @type {number} */ along, /** @type {number} */ aside) =>
    ctx.lineTo(to.x - x * (reach + along * long) - y * aside * long, to.y - y * (reach + along * long) + x * aside * long);
  ctx.moveTo(to.x - x * reach, to.y - y * reach);
  line(1, 0.3);
  line(0.9, 0);
  line(1, -0.3);
  ctx.closePath();
}

/**
 * How many ties a line stands for.
 * @param {Canvas} ctx
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {Colours} colours
 */
function count(ctx, text, x, y, colours) {
  ctx.font = `11px ${colours.family}`;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.lineJoin = 'round';
  ctx.lineWidth = 3;
  ctx.strokeStyle = colours.surface;
  ctx.strokeText(text, x, y);
  ctx.fillStyle = colours.muted;
  ctx.fillText(text, x, y);
}

/**
 * @param {Canvas} ctx
 * @param {string} role
 * @param {number} x
 * @param {number} y
 */
function shape(ctx, role, x, y) {
  if (role === 'mentor') diamond(ctx, x, y, REACH);
  else if (role === 'person') square(ctx, x, y, RADIUS - 2);
  else if (role === 'post') plate(ctx, x, y);
  else if (role === 'unit') hexagon(ctx, x, y);
  else circle(ctx, x, y, RADIUS);
}

/**
 * @param {Canvas} ctx
 * @param {number} x
 * @param {number} y
 * @param {boolean} strong
 * @param {Colours} colours
 */
function halo(ctx, x, y, strong, colours) {
  circle(ctx, x, y, REACH + HALO);
  ctx.fillStyle = colours.soft;
  ctx.fill();
  if (!strong) return;
  ctx.lineWidth = 2;
  ctx.strokeStyle = colours.accent;
  ctx.stroke();
}

/**
 * @param {Canvas} ctx
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
function circle(ctx, x, y, radius) {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
}

/**
 * @param {Canvas} ctx
 * @param {number} x
 * @param {number} y
 * @param {number} reach
 */
function diamond(ctx, x, y, reach) {
  ctx.beginPath();
  ctx.moveTo(x, y - reach);
  ctx.lineTo(x + reach, y);
  ctx.lineTo(x, y + reach);
  ctx.lineTo(x - reach, y);
  ctx.closePath();
}

/**
 * @param {Canvas} ctx
 * @param {number} x
 * @param {number} y
 * @param {number} half
 */
function square(ctx, x, y, half) {
  ctx.beginPath();
  ctx.rect(x - half, y - half, 2 * half, 2 * half);
}

/**
 * @param {Canvas} ctx
 * @param {number} x
 * @param {number} y
 */
function plate(ctx, x, y) {
  ctx.beginPath();
  ctx.roundRect(x - 16, y - 10, 32, 20, 3);
}

/**
 * @param {Canvas} ctx
 * @param {number} x
 * @param {number} y
 */
function hexagon(ctx, x, y) {
  ctx.beginPath();
  for (let corner = 0; corner < 6; corner += 1) {
    ctx.lineTo(x + RADIUS * Math.cos((Math.PI / 3) * corner), y + RADIUS * Math.sin((Math.PI / 3) * corner));
  }
  ctx.closePath();
}

/**
 * Black or white, whichever is read better on a colour.
 * @param {string} colour of the style sheet: #rrggbb
 */
export function inkOn(colour) {
  const part = (/** @type {number} */ at) => (parseInt(colour.slice(at, at + 2), 16) / 255) ** 2.2;
  const [red, green, blue] = [part(1), part(3), part(5)];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18 ? '#000000' : '#ffffff';
}
