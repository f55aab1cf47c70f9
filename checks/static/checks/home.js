/* Draws the charts of the admin's first page with the Chart.js that unfold brings. Without it the tables stay. */
"use strict";

(() => {
  const number = new Intl.NumberFormat(document.documentElement.lang || "ru", { maximumFractionDigits: 1 });
  const drawn = [];

  const isDark = () => document.documentElement.classList.contains("dark");
  const inks = () => (isDark()
    ? { text: "#d1d5db", grid: "#374151", first: "#60a5fa", second: "#fbbf24", paper: "#111827" }
    : { text: "#374151", grid: "#e5e7eb", first: "#1d4ed8", second: "#b45309", paper: "#ffffff" });

  /* Stripes, so that nobody has to tell two bars by their colours. */
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

  /* "printing: paper jam" takes two lines, the first of which says where it happened. */
  const lines = (text, room) => text.split(/(?<=:) (.*)/).filter(Boolean).map((line) => short(line, room));

  const configuration = (drawing, width) => {
    const ink = inks();
    const isBars = drawing.kind === "bars";
    const values = axis(drawing.up, ink, {
      beginAtZero: true,
      ticks: { precision: drawing.whole ? 0 : undefined, callback: (value) => number.format(value) },
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
              label: (item) => `${item.dataset.label}: ${number.format(isBars ? item.parsed.x : item.parsed.y)}`,
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

  /* Alpine sets the theme when the page is there. */
  if (document.readyState === "complete") {
    start();
  } else {
    window.addEventListener("load", start);
  }
})();
