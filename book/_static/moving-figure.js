// The figure of the landing page: two noisy memories, the choice between them, and its price.
// Everything shown is computed here, from the equations of chapters 2 and 3.

const GAP = 3; // difference of the two means, in units of reward
const BASE = 5; // the standard deviation that costs nothing
const SHARPEST = 1; // where the slider ends
const STEPS = 80;
const SVG = "http://www.w3.org/2000/svg";

const normal = (x, mean, sd) =>
  Math.exp(-0.5 * ((x - mean) / sd) ** 2) / (sd * Math.sqrt(2 * Math.PI));

// Distribution function of the standard normal, by Simpson's rule from 0 to z.
function phi(z) {
  const n = 200;
  const h = z / n;
  let sum = normal(0, 0, 1) + normal(z, 0, 1);
  for (let i = 1; i < n; i += 1) sum += (i % 2 ? 4 : 2) * normal(i * h, 0, 1);
  return 0.5 + (sum * h) / 3;
}

const price = (sigma) => Math.log(BASE / sigma) + sigma ** 2 / (2 * BASE ** 2) - 0.5;

// The outline of a bell curve as the points of an SVG path.
function bell(mean, sigma) {
  const points = [];
  for (let x = -8; x <= 11; x += 0.1) {
    const height = normal(x, mean, sigma) / normal(0, 0, SHARPEST);
    points.push(`${(20 * (x + 8)).toFixed(1)},${(110 - 104 * height).toFixed(1)}`);
  }
  return `M${points.join("L")}`;
}

function draw(figure, sigma) {
  figure.querySelector(".worse").setAttribute("d", bell(0, sigma));
  figure.querySelector(".better").setAttribute("d", bell(GAP, sigma));
  const right = phi(GAP / (Math.SQRT2 * sigma));
  figure.querySelector(".sigma").textContent = sigma.toFixed(1);
  figure.querySelector(".right").textContent = `${(100 * right).toFixed(0)} %`;
  figure.querySelector(".price").textContent = `${Math.max(0, 2 * price(sigma)).toFixed(2)} nats`;
}

function start(figure) {
  const slider = figure.querySelector("input");
  const sigmaAt = (value) => BASE * (SHARPEST / BASE) ** (value / STEPS);
  const show = () => {
    const sigma = sigmaAt(Number(slider.value));
    slider.setAttribute("aria-valuetext", `standard deviation ${sigma.toFixed(1)}`);
    draw(figure, sigma);
  };
  let moving = !window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  slider.addEventListener("input", () => {
    moving = false;
    show();
  });
  const step = () => {
    if (!moving || Number(slider.value) >= STEPS) return;
    slider.value = Number(slider.value) + 1;
    show();
    window.setTimeout(step, 60);
  };
  show();
  window.setTimeout(step, 800);
}

document.querySelectorAll("figure.moving").forEach(start);
