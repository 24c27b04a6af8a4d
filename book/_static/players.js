// Two repairs to matplotlib's players.

"use strict";

document.querySelectorAll("figure.player").forEach((player) => {
  const slider = player.querySelector("input[type=range]");
  const button = (name) => player.querySelector(`button[title="${name}"]`);

  // The slider says which frame is shown, for those who hear it. It is set just after the picture.
  const tell = () => {
    const [now, all] = [slider.value, slider.max].map((value) => Number(value) + 1);
    slider.setAttribute("aria-valuetext", `frame ${now} of ${all}`);
  };
  const changes = { attributeFilter: ["src"] };
  new MutationObserver(tell).observe(player.querySelector("img"), changes);
  tell();

  // Where a film has come to its end, playing it begins anew.
  const rewind = (play, end, start) => {
    const from_start = () => slider.value === slider[end] && button(start).click();
    button(play).addEventListener("click", from_start, { capture: true });
  };
  rewind("Play", "max", "First frame");
  rewind("Play backwards", "min", "Last frame");
});
