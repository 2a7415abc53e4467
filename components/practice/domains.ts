/** The domains of the Docker Certified Associate exam, and each one's share of it in percent (its study guide). */
export const DOMAINS = {
  orchestration: { title: "Orchestration", weight: 25 },
  images: { title: "Image creation, management and registry", weight: 20 },
  installation: { title: "Installation and configuration", weight: 15 },
  networking: { title: "Networking", weight: 15 },
  security: { title: "Security", weight: 15 },
  storage: { title: "Storage and volumes", weight: 10 },
} as const;

export type Domain = keyof typeof DOMAINS;
