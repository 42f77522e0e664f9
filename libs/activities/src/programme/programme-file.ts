import type { Component } from '@jokbo/contracts';

/** A programme file as written, after validation against its schema. */
export interface ProgrammeFile {
  readonly version: 1;
  readonly name: string;
  readonly language?: 'ko' | 'en';
  readonly objections_until?: string;
  readonly storage?: Readonly<Record<string, string>>;
  readonly subjects: readonly SubjectInFile[];
  readonly references: readonly ReferenceInFile[];
  readonly controls?: {
    readonly negative?: readonly string[];
    readonly positive?: readonly { readonly derivative: string; readonly base: string }[];
    readonly alike?: readonly (readonly [string, string])[];
  };
  readonly budget?: { readonly features?: number };
  readonly full?: readonly { readonly subject: string; readonly reference: string }[];
  /** What a fleet does by itself; durations as in `15m`. */
  readonly watch?: {
    readonly every?: string;
    readonly again?: string;
    readonly settle?: string;
    readonly catch_up?: string;
    readonly jitter?: string;
    readonly prefixes?: readonly { readonly prefix: string; readonly team: string }[];
  };
  /** Id of a built-in rule set or path of a file, or that and what the programme waives. */
  readonly rules?: string | { readonly id?: string; readonly require_tier3?: boolean };
}

export interface SubjectInFile {
  readonly id: string;
  readonly team: string;
  readonly release: string;
  readonly source: string;
  readonly declared?: readonly {
    readonly from: string;
    readonly components?: readonly Component[];
    readonly note?: string;
    readonly date?: string;
    readonly author?: string;
  }[];
  readonly training?: string;
  readonly licence?: string;
  readonly declarations?: Readonly<Record<string, string>>;
  readonly replies?: readonly {
    readonly date: string;
    readonly author: string;
    readonly text: string;
    readonly reference?: string;
    readonly component?: Component;
  }[];
}

export interface ReferenceInFile {
  readonly id: string;
  readonly name: string;
  readonly source: string;
  readonly family?: string;
}
