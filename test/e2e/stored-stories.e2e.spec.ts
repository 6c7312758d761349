import { Client } from '../support/client.js';
import { dataFolder } from '../support/data-folder.js';
import { startServer } from '../support/server-process.js';
import { answersTo, MASTER_KEY, restore, storedStories } from '../support/stored-story.js';

const STORIES = storedStories();

describe('a store of an earlier release', () => {
  it('is kept for every release since there was one', () => {
    expect(STORIES.length).toBeGreaterThan(0);
  });

  it.each(STORIES.map((story) => [story.name, story] as const))(
    'is read, and answers as it did, be it with new fields: %s',
    async (_name, story) => {
      const { events, answers } = story;
      const folder = dataFolder();
      await restore(story, folder.path);
      const server = await startServer(folder.path, { MASTER_KEY });
      try {
        const last = events.at(-1);
        if (last === undefined) throw new Error('the story is empty');
        // In a new log positions begin anew.
        const end = { ...last, position: String(events.length) };
        expect(await answersTo(new Client(server.url), Object.keys(answers), end)).toMatchObject(answers);
      } finally {
        await server.stop();
        folder.remove();
      }
    },
  );
});
