// Slides without motion, one after another; S opens the notes, ? lists the keys.
"use strict";
Reveal.initialize({
  width: 1280,
  height: 720,
  margin: 0.05,
  center: false,
  display: "flex",
  hash: true,
  navigationMode: "linear",
  pdfMaxPagesPerSlide: 1,
  pdfSeparateFragments: false,
  slideNumber: "c/t",
  transition: "none",
  backgroundTransition: "none",
  plugins: [RevealNotes],
});
