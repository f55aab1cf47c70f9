/* Draws the charts of the first page with the Chart.js of Unfold 0.81. Without it the tables remain.
   Check on upgrade: that `Chart` is still global, and the Chart.js options used here. */
"use strict";

(() => {
  const language = document.documentElement.lang || "ru";
  const written = (value, digits) => value.toLocaleString(language, { maximumFractionDigits: digits });
  const MOST_DIGITS = 6;
  const drawn = [];

  /* As few digits as show every multiple of the step exactly, so that no two labels of an axis are the same. */
  const digitsOf = (step) => {
    let digits = 0;
    while (digits < MOST_DIGITS && Math.abs(step * 10 ** digits - Math.round(step * 10 ** digits)) > 1e-6) {
      digits += 1;
    }
    return digits;
  };

  const tickLabel = (value, _index, ticks) => (
    written(value, ticks.length > 1 ? digitsOf(ticks[1].value - ticks[0].value) : 1)
  );

  const isDark = () => document.documentElement.classList.contains("dark");
  const inks = () => (isDark()
    ? { text: "#d1d5db", grid: "#374151", first: "#60a5fa", second: "#fbbf24", paper: "#111827" }
    : { text: "#374151", grid: "#e5e7eb", first: "#1d4ed8", second: "#b45309", paper: "#ffffff" });

  /* Stripes, so that nobody has to tell two bars apart by colour. */
  const striped = (ink, paper) => {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const pen = tile.getContext("2d");
    pen.fillStyle = paper;
    pen.fillRect(0, 0, 8, 8);
    pen.strokeStyle = ink;
    pen.lineWidth = 2;
    for (const shift of [-8, 0, 8]) {
      pen.moveTo(shift, 8);
      pen.lineTo(shift + 8, 0);
    }
    pen.stroke();
    return pen.createPattern(tile, "repeat");
  };

  const dataset = (series, isBars, ink) => {
    const colour = ink[series.look];
    const isSecond = series.look === "second";
    return {
      label: series.label,
      data: series.values,
      borderColor: colour,
      backgroundColor: isBars && isSecond ? striped(colour, ink.paper) : colour,
      borderWidth: isBars ? 1 : 2,
      borderDash: !isBars && isSecond ? [6, 4] : [],
      pointStyle: isSecond ? "rectRot" : "circle",
      pointRadius: 3,
      maxBarThickness: 18,
      spanGaps: false,
    };
  };

  const axis = (title, ink, rest) => ({
    title: { display: true, text: title, color: ink.text },
    grid: { color: ink.grid },
    ...rest,
    ticks: { color: ink.text, maxRotation: 0, ...rest.ticks },
  });

  /* The legend's lines are dashed where the chart's are. */
  const keys = (chart) => Chart.defaults.plugins.legend.labels.generateLabels(chart).map((key) => ({
    ...key,
    lineDash: chart.data.datasets[key.datasetIndex].borderDash,
  }));

  const short = (text, room) => (text.length > room ? `${text.slice(0, room - 1)}…` : text);

  /* "printing: paper jam" takes two lines: the stage, then the reason. */
  const lines = (text, room) => text.split(/(?<=:) (.*)/).filter(Boolean).map((line) => short(line, room));

  const configuration = (drawing, width) => {
    const ink = inks();
    const isBars = drawing.kind === "bars";
    const values = axis(drawing.up, ink, {
      beginAtZero: true,
      ticks: { precision: drawing.whole ? 0 : undefined, callback: tickLabel },
    });
    const names = axis(drawing.along, ink, {
      ticks: isBars
        ? { autoSkip: false, callback: (at) => lines(drawing.labels[at], width < 480 ? 22 : 32) }
        : { autoSkip: true, autoSkipPadding: 14 },
    });
    return {
      type: isBars ? "bar" : "line",
      data: { labels: drawing.labels, datasets: drawing.series.map((each) => dataset(each, isBars, ink)) },
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        indexAxis: isBars ? "y" : "x",
        interaction: { mode: "index", axis: isBars ? "y" : "x", intersect: false },
        scales: isBars ? { x: values, y: names } : { x: names, y: values },
        plugins: {
          legend: {
            display: drawing.series.length > 1,
            labels: isBars
              ? { color: ink.text, boxWidth: 24 }
              : { color: ink.text, usePointStyle: true, pointStyle: "line", pointStyleWidth: 40, generateLabels: keys },
          },
          tooltip: {
            callbacks: {
              label: (item) => {
                const value = isBars ? item.parsed.x : item.parsed.y;
                return `${item.dataset.label}: ${written(value, value < 1 ? 2 : 1)}`;
              },
            },
          },
        },
      },
    };
  };

  const draw = () => {
    while (drawn.length) {
      drawn.pop().destroy();
    }
    for (const place of document.querySelectorAll("[data-chart]")) {
      place.hidden = false;
      const drawing = configuration(JSON.parse(place.dataset.chart), place.clientWidth);
      drawn.push(new Chart(place.querySelector("canvas"), drawing));
    }
  };

  const start = () => {
    if (typeof Chart === "undefined") {
      return;
    }
    Chart.defaults.font.family = "Inter, sans-serif";
    draw();
    let wasDark = isDark();
    new MutationObserver(() => {
      if (isDark() !== wasDark) {
        wasDark = isDark();
        draw();
      }
    }).observe(document.documentElement, { attributes: true, attributeFilter: ["class"] });
  };

  /* Alpine sets the theme once the page has loaded. */
  if (document.readyState === "complete") {
    start();
  } else {
    window.addEventListener("load", start);
  }
})();
