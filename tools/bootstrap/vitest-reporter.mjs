import { writeFileSync } from 'node:fs';

function skippedTest(test) {
  const { note } = test.result();
  const mode = test.options.mode === 'todo' ? 'not written yet' : 'no reason given';
  return { name: `${test.module.relativeModuleId} > ${test.fullName}`, reason: note ?? mode };
}

/** Counts one project run; a module that could not be loaded and an error outside of tests fail as one each. */
export default class TotalsReporter {
  onTestRunEnd(modules, unhandledErrors) {
    let passed = 0;
    let failed = unhandledErrors.length;
    const skipped = [];
    for (const module of modules) {
      failed += module.errors().length;
      for (const suite of module.children.allSuites()) failed += suite.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        else if (state === 'skipped') skipped.push(skippedTest(test));
        else failed += 1;
      }
    }
    writeFileSync(process.env.JOKBO_TOTALS_FILE, JSON.stringify({ passed, failed, skipped }));
  }
}
