/** A machine that the user already has. */
export interface HostSettings {
  readonly name: string;
  readonly role: "manager" | "worker";
  readonly zone: string;
  /** IPv4 address that the other hosts dial. */
  readonly address: string;
  /** Where SSH reaches it. */
  readonly ssh: string;
  readonly port: number;
  readonly user: string;
  /** Path of the private key, as it was written. */
  readonly key: string;
  /** One line: type and base64. */
  readonly hostKey: string;
}

/** How hosts are made ready. */
export interface HostSetup {
  /** A package version or its beginning; absent: whatever the host would install. */
  readonly version?: string;
  readonly firewall: "auto" | "off";
}
