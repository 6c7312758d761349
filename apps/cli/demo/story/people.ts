import type { Chance } from './chance.js';

/** Whoever sells. The id is what deals and leads are assigned to. */
export interface Seller {
  readonly id: string;
  readonly name: string;
}

const seller = (name: string): Seller => ({ id: name.toLowerCase().replace(' ', '.'), name });

export const SELLERS = {
  clara: seller('Clara Brandt'),
  jonas: seller('Jonas Weber'),
  amina: seller('Amina Diallo'),
  erik: seller('Erik Lund'),
  sofia: seller('Sofia Marino'),
  tomas: seller('Tomas Novak'),
  grace: seller('Grace Okafor'),
  daniel: seller('Daniel Reyes'),
  mei: seller('Mei Tanaka'),
  oliver: seller('Oliver Grant'),
  ines: seller('Ines Costa'),
  pavel: seller('Pavel Horak'),
} as const;

/** The name of an owner; the id itself of one who is not of this house. */
export function ownerName(id: string | null): string {
  return Object.values(SELLERS).find((known) => known.id === id)?.name ?? id ?? 'nobody';
}

const FIRST = [
  'Ada Anders Bianca Carlos Chiara David Elena Farid Greta Hana Ivan Julia Karim Laura Malik Nadia Oscar Paula Rahul',
  'Samira Stefan Teresa Ulrike Victor Wanda Yusuf Zoe Henrik Leonie Marta',
].flatMap((line) => line.split(' '));
const LAST = [
  'Abbott Becker Caruso Dubois Eriksson Fischer Garcia Hansen Ivanova Jansen Kowalski Lehmann Moreau Nguyen Olsen',
  'Peters Quinn Rossi Schmidt Tran Ueda Vogel Winter Yilmaz Ziegler Bauer Kaya Laurent Meyer Silva',
].flatMap((line) => line.split(' '));
const HOUSES = [
  'Alder Brookfield Carrow Dunmore Eastgate Fennel Granby Harrow Inverness Juniper Kestrel Larkspur Marlow Norden',
  'Oakham Pemberton Quarry Ridgeway Sorrel Thornbury Upland Vale Westbrook Yarrow',
].flatMap((line) => line.split(' '));
const TRADES = 'Foods Brewing Logistics Packaging Textiles Clinics Energy Components Hotels Retail Labs Media'.split(
  ' ',
);

export interface Contact {
  readonly name: string;
  readonly emails?: readonly string[];
  readonly phones?: readonly string[];
}

/** Who may buy: a person and, unless it is a household, the company that the person is from. */
export interface Customer {
  readonly name: string;
  readonly person: Contact;
  readonly organization: Contact | null;
}

/** Made-up names; addresses under `.example` and numbers of the range kept for fiction reach nobody. */
export function customer(chance: Chance, kind: 'companies' | 'households'): Customer {
  const [first, last] = [chance.pick(FIRST), chance.pick(LAST)];
  const company = `${chance.pick(HOUSES)} ${chance.pick(TRADES)}`;
  const domain = kind === 'companies' ? company.toLowerCase().replace(' ', '-') : 'mail';
  const phone = `+44 20 7946 0${String(Math.floor(chance.between(0, 1000))).padStart(3, '0')}`;
  return {
    name: kind === 'companies' ? company : `${last} family`,
    person: {
      name: `${first} ${last}`,
      emails: [`${first}.${last}@${domain}.example`.toLowerCase()],
      phones: [phone],
    },
    organization: kind === 'companies' ? { name: company } : null,
  };
}
