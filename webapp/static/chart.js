// Charts: ECharts over options that Python made. The one place that knows the library.

const library = new URL('./vendor/echarts/dist/echarts.esm.min.mjs', import.meta.url);

// Draw a chart into an element and keep it as wide as the element; give the chart back.
export async function draw(element, option) {
  const echarts = await import(library.href);
  const chart = echarts.init(element, null, { renderer: 'svg' });
  chart.setOption(option);
  new ResizeObserver(() => chart.resize()).observe(element);
  addEventListener('beforeprint', () => chart.resize());
  return chart;
}
