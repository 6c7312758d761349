import { MongoNetworkError } from 'mongodb';
import { MongoStoreError, Redactor } from './errors.js';

const redactor = new Redactor('mongodb://ann:secret@localhost/');

describe('an error of the driver', () => {
  it('is one that can be shown and tried again, also where it is the bare one of a socket', () => {
    const ended = Object.assign(new Error('This socket has been ended by the other party'), { code: 'EPIPE' });
    for (const error of [ended, new MongoNetworkError('connection 1 of ann:secret closed')]) {
      const told = redactor.translate(error);
      expect(told).toBeInstanceOf(MongoStoreError);
      expect(String(told)).not.toContain('secret');
    }
  });

  it('is left as it is where it is a mistake of ours', () => {
    const mistake = Object.assign(new TypeError('must be a string'), { code: 'ERR_INVALID_ARG_TYPE' });
    expect(redactor.translate(mistake)).toBe(mistake);
  });
});
