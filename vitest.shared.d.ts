/** The vitest configuration that every project shares. */
export declare function projectConfig(name: string): import("vite").UserConfig;
//# sourceMappingURL=vitest.shared.d.ts.map