// The types of the browser libraries, which scripts import from beside themselves (`./vendor/`,
// webapp/serving/static_files.py): the compiler finds them under the names of their packages.

declare module '*/vendor/echarts/dist/echarts.esm.min.mjs' {
  export * from 'echarts';
}

declare module '*/vendor/tabulator-tables/dist/js/tabulator_esm.min.mjs' {
  export * from 'tabulator-tables';
}

declare module '*/vendor/vis-network/standalone/esm/vis-network.min.mjs' {
  export * from 'vis-network';
}

declare module '*/vendor/vis-timeline/standalone/esm/vis-timeline-graph2d.min.mjs' {
  export * from 'vis-timeline';
  export { DataSet } from 'vis-data';
}
