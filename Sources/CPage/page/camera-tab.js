// The Camera tab.
