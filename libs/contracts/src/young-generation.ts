/**
 * Young generation of a thread that compares, MiB. Its products live in memory outside of the heap until their handles are
 * collected: with the 48 of V8 a comparison of the zoo spent a quarter of its time in collections; with 192 one of 100B
 * models was no faster than with 64, and took 125 MB more per thread.
 */
export const YOUNG_GENERATION_MB = 64;
