// The Video tab.
