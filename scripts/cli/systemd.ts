import { userInfo } from "node:os";
import { shellQuote } from "./environment.ts";

/**
 * The text of a systemd service and timer that back a lab up: for machines that run for years. `calendar` is systemd's own
 * (`daily`, `*-*-* 03:00`). The service runs as the user whose checkout it is, who has the tools and may read the keys. Fourteen good backups are kept; a backup missed while the machine was off is made later.
 */
export function systemdUnits(
  root: string,
  stack: string,
  calendar: string,
  user = userInfo().username,
): string {
  const name = `swarm-lab-backup-${stack}`;
  return `# /etc/systemd/system/${name}.service
[Unit]
Description=Backup of the swarm of lab ${stack}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User=${user}
WorkingDirectory=${root.replaceAll("%", "%%")}
ExecStart=/bin/sh scripts/lab backup --stack ${shellQuote(stack)} --keep 14
TimeoutStartSec=30min

# /etc/systemd/system/${name}.timer
[Unit]
Description=When lab ${stack} is backed up

[Timer]
OnCalendar=${calendar}
RandomizedDelaySec=5min
Persistent=true

[Install]
WantedBy=timers.target

# Then: systemctl daemon-reload && systemctl enable --now ${name}.timer`;
}
