// Judges web pages for judges.py: reads {judges, chromium, views} on stdin, writes one report per view.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";

const { judges, chromium: executablePath, views } = JSON.parse(await text(process.stdin));
const require = createRequire(judges);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

// Chromium's own background requests hang where there is no network.
const args = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

const line = (lead, result) =>
  `${lead}: ${result.help}, at ${result.nodes.map((node) => node.target.join(" ")).join("; ")}`;

async function judge(page, view) {
  await page.setViewportSize({ width: view.width_px, height: 900 });
  await page.emulateMedia({ colorScheme: view.dark ? "dark" : "light" });
  await page.goto(view.file);
  const overflow = await page.evaluate(widerThanWindow);
  await page.evaluate(axe);
  const result = await page.evaluate(() => globalThis.axe.run({ rules: { "target-size": { enabled: true } } }));
  return {
    passes: result.passes.length,
    findings: [
      ...result.violations.map((found) => line(`${found.id} ${found.impact}`, found)),
      ...result.incomplete.map((found) => line(`undecided ${found.id}`, found)),
      ...overflow,
    ],
  };
}

function widerThanWindow() {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const wide = [...document.body.querySelectorAll("*")]
    .filter((element) => element.getBoundingClientRect().right > clientWidth)
    .map((element) => element.tagName.toLowerCase() + (element.id && `#${element.id}`));
  return [`overflow: the page is ${scrollWidth} px wide in a window of ${clientWidth}, by ${wide.slice(0, 5).join(", ")}`];
}

const browser = await chromium.launch({ executablePath, args });
try {
  const page = await browser.newPage({ offline: true }); // a page must stand alone
  const reports = [];
  for (const view of views) reports.push(await judge(page, view));
  process.stdout.write(JSON.stringify(reports));
} finally {
  await browser.close();
}
