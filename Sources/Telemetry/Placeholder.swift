// The first file replaces it.
