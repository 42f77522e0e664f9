/** Objects in one listing: ten times the shards and blobs of the largest known repositories. */
export const MAX_LISTED = 1_000_000;

/** Nested folders in one listing: bounds what links between folders can make of a small tree. */
export const MAX_LISTING_DEPTH = 64;
