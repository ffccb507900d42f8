// What the server writes into pages and answers as JSON, as the scripts read it.

// --- tables: a cell of `data_table` (templates/parts.html, webapp/network/rows.py)

export type Cell = null | string | number | string[] | CellParts;

export interface CellParts {
  text?: string | null;
  kind?: ThingKind;
  id?: string;
  url?: string;
  title?: string;
  sort?: string | number;
}

export type ThingKind = 'person' | 'unit' | 'post';

export interface TableWords {
  filter: string;
  save: string;
  none: string;
  columns: string;
  shown: string;
}

// What a picture says of the rows of its table.
export interface Marked {
  chosen?: string;
  off: Set<string>;
}

// --- search (webapp/api)

export interface SearchResult {
  id: string;
  kind: ThingKind;
  name: string;
  detail: string;
  sign: string;
  url: string;
}

// --- time lines (webapp/people/timeline.py) and the board of a plan (webapp/planning/board.py); dates in ISO 8601

export interface Board {
  bars: Bar[];
  people: Row[];
  posts: Row[];
  days: string[]; // where periods begin, and at last where the plan ends
  from: string;
  to: string;
}

export interface Row {
  id: string;
  text: string;
}

export interface Bar {
  id: number;
  person: string;
  post: string;
  start: string;
  end: string;
  text_person: string;
  text_post: string;
  tip: string;
  className: string;
}

// --- jobs (webapp/data/background.py) and runs of plans (webapp/planning/running.py)

export interface Job {
  state: string;
  tables: { table: string; done: number; total: number }[];
  how_far: string;
}

export interface Run {
  is_over: boolean;
  log: LogLine[];
  [part: string]: unknown;
}

export interface LogLine {
  seconds: string | number;
  stage: string;
  cost: string | number;
  bound: string | number;
}

// --- charts: options of ECharts

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface Flow {
  series: [{ data: { name: string; text: string }[]; label: Formatted }];
  tooltip: Formatted;
}

export interface Formatted {
  formatter?: (given: FlowPart) => string | undefined;
}

export interface FlowPart {
  dataType?: string;
  name: string;
  value?: unknown;
  data?: unknown;
}

export interface Band {
  source: string;
  target: string;
  value: number;
  url?: string;
}

// --- networks (webapp/network: script.py, small_picture.py, drawing.py)

export interface Place {
  x: number;
  y: number;
}

export interface PersonMark extends Place {
  id: string;
  label: string;
  name: string;
  initials: string;
  role: string;
  category: string;
  colour: string; // a token of the style sheet
  letter: string;
  asked: boolean;
  beyond: number;
  pinned: boolean;
  hidden?: boolean; // by the legend
  of?: undefined;
}

// "n more": what the cap left out.
export interface MoreMark extends Place {
  id: string;
  label: string;
  of: string;
  opens: string;
  hidden?: boolean;
}

export type Mark = PersonMark | MoreMark;

export interface Tie {
  id: string;
  from: string;
  to: string;
  style: 'mentoring' | 'posting' | 'structure' | 'plain';
  more?: boolean; // leads to a "n more"
  kind?: string;
  ended?: boolean;
  planned?: boolean;
  count?: number;
  turned?: boolean;
  said?: Said[];
}

export interface Said {
  text: string;
  source: string;
  url: string;
}

export interface Guide extends Place {
  kind: string;
  label: string;
  width: number;
  height: number;
}

export interface Drawing {
  nodes: Mark[];
  edges: Tie[];
  guides: Guide[];
  options: import('vis-network').Options;
}

export interface Card {
  id: string; // the key of the mark
  kind: ThingKind;
  of: string; // the id of the person, post or unit
  name: string;
  url: string;
  facts: string[];
  counts: [kind: string, total: number, shown: number][];
}

interface Drawn {
  drawing: Drawing;
  asked: string[];
  factTitles: string[];
  people: Card[];
  around: string;
  step: number;
}

export interface SmallPicture extends Drawn {
  open: false;
  words: PictureWords;
}

export interface Scene extends Drawn {
  open: true;
  ways: string[][];
  lineage: string;
  enter: string;
  words: SceneWords;
}

export type Picture = SmallPicture | Scene;

interface PictureWords {
  nobody: string;
  tie: string;
  open: string;
  filtered: string;
  around: string;
  expand: string;
}

interface SceneWords extends PictureWords {
  ties: string;
  openThing: string;
  correct: string;
  actions: string;
  kinds: Record<string, string>;
  show: string;
  close: string;
  roots: string;
  descendants: string;
  line: string;
  pathFrom: string;
  pathTo: string;
  pathBegun: string;
  hide: string;
  unpin: string;
  alone: string;
  lineage: string;
  copied: string;
  selected: string;
}
