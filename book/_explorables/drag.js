// Handles of a drawing that a mouse or a finger can drag. They do not move the page: a browser asks
// the first touch of a gesture whether it may scroll, and a touch near a handle says no.

"use strict";

const Drag = (() => {
  const REACH = 24; // pixels; as far from its centre a handle can be grasped
  const HIDDEN = 6; // pixels; of handles that are so close to each other one covers the other

  // Where a pointer or touch is in a drawing, in the drawing's units, and how many make a pixel.
  function place_on(svg, { clientX, clientY }) {
    const { left, top, width } = svg.getBoundingClientRect();
    const unit = svg.viewBox.baseVal.width / width;
    return { x: (clientX - left) * unit, y: (clientY - top) * unit, unit };
  }

  const pixels = (a, b, unit) => Math.hypot(a.x - b.x, a.y - b.y) / unit;

  // Keep a touch that `holds` from scrolling the page.
  function hold_page(svg, holds) {
    const touched = (event) => holds(place_on(svg, event.touches[0])) && event.preventDefault();
    svg.addEventListener("touchstart", touched, { passive: false });
  }

  // Let the pointer drag handles: a list of { at, move, held }. `at` is the handle's place now, `move`
  // hears where it is dragged to, `held` whether it is grasped. The nearest is grasped; of those that
  // lie on each other the one that has been let alone for longest, so that a tap brings up the other.
  function draggable(svg, handles) {
    const grasped = new Map(handles.map((handle, i) => [handle, -i])); // when; at first the topmost
    let times = 0;
    let drag = null;
    const find = (spot) => {
      const far = (handle) => pixels(handle.at(), spot, spot.unit);
      const nearest = handles.reduce((a, b) => (far(b) < far(a) ? b : a));
      if (far(nearest) > REACH) return null;
      return handles
        .filter((handle) => pixels(handle.at(), nearest.at(), spot.unit) <= HIDDEN)
        .reduce((a, b) => (grasped.get(b) < grasped.get(a) ? b : a));
    };
    const let_go = () => {
      if (drag) drag.handle.held(false);
      drag = null;
    };
    hold_page(svg, (spot) => drag || find(spot));
    svg.addEventListener("pointerdown", (event) => {
      const spot = place_on(svg, event);
      const handle = event.isPrimary && event.button === 0 && find(spot);
      if (!handle) return;
      event.preventDefault();
      svg.setPointerCapture(event.pointerId);
      const { x, y } = handle.at();
      drag = { handle, x: x - spot.x, y: y - spot.y };
      times += 1;
      grasped.set(handle, times);
      handle.held(true);
    });
    svg.addEventListener("pointermove", (event) => {
      const spot = place_on(svg, event);
      if (!drag) svg.style.cursor = find(spot) ? "ew-resize" : "";
      else if (svg.hasPointerCapture(event.pointerId)) {
        drag.handle.move({ x: spot.x + drag.x, y: spot.y + drag.y });
      }
    });
    ["pointerup", "pointercancel"].forEach((end) => svg.addEventListener(end, let_go));
  }

  return { REACH, draggable, hold_page, pixels, place_on };
})();
