// A reporter for node:test: one line of JSON for each test that has ended, with its full name. A suite counts only if it
// is skipped, or fails by itself.

module.exports = async function* reporter(events) {
  const names = [];
  for await (const { type, data } of events) {
    if (type === 'test:start') {
      names.length = data.nesting;
      names.push(data.name);
    }
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    names.length = data.nesting;
    const failed = type === 'test:fail';
    const { error, type: kind } = data.details;
    if (failed && error?.failureType === 'subtestsFailed') continue;
    const skipped = data.skip !== undefined && data.skip !== false;
    if (kind === 'suite' && !failed && !skipped) continue;
    const name = [...names, data.name].join(' > ');
    const status = failed ? 'failed' : skipped ? 'skipped' : 'passed';
    const why = typeof data.skip === 'string' ? data.skip : undefined;
    yield `${JSON.stringify({ name, status, why })}\n`;
  }
};
