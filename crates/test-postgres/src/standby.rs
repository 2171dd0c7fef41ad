//! Streaming replication: a synchronous standby and its promotion.

use crate::{Cluster, Error, MAINTENANCE, SUPERUSER, folder, run};

/// How long a standby may take to catch up.
const CATCH_UP: &str = "60 seconds";

impl Cluster {
    /// Starts a streaming replica and makes this cluster wait for it: from the return on, an acknowledged
    /// commit is on both. It takes the place of an earlier standby.
    ///
    /// # Errors
    /// [`Error::Failed`].
    pub fn standby(&self) -> Result<Cluster, Error> {
        let folder = folder::fresh(self.programs, self.durable)?;
        let name = format!("standby_{}", self.port);
        let mut backup = self.programs.command("pg_basebackup");
        self.programs.unprivileged(&mut backup);
        backup
            .args(["--write-recovery-conf", "--checkpoint=fast", "--no-sync"])
            .arg("--dbname")
            .arg(format!(
                "host=127.0.0.1 port={} user={SUPERUSER} application_name={name}",
                self.port
            ))
            .arg("--pgdata")
            .arg(folder.join("data"));
        run(backup.current_dir(&*folder), "", "`pg_basebackup`")?;
        // Once promoted it waits for nobody.
        let file = folder.join("data/postgresql.auto.conf");
        let lines = "synchronous_standby_names = ''\n";
        let standby = Cluster::run(self.programs, folder, self.durable, &file, lines)?;
        self.sql(
            MAINTENANCE,
            &format!(
                "ALTER SYSTEM SET synchronous_standby_names = '{name}';
                 ALTER SYSTEM SET synchronous_commit = 'on';
                 SELECT pg_reload_conf() \\g /dev/null"
            ),
        )?;
        self.wait_for(&format!(
            "SELECT FROM pg_stat_replication WHERE application_name = '{name}' AND sync_state = 'sync'"
        ))?;
        Ok(standby)
    }

    /// Makes a standby a primary; returns when it accepts writes.
    ///
    /// # Errors
    /// [`Error::Failed`], also where it is none.
    pub fn promote(&self) -> Result<(), Error> {
        let promoted = self.sql(MAINTENANCE, "SELECT pg_promote()")?;
        if promoted != "t" {
            return Err(Error::failed("promoting the standby", "it took too long"));
        }
        Ok(())
    }

    /// Lets the server wait until a query over its statistics finds a row.
    fn wait_for(&self, query: &str) -> Result<(), Error> {
        let sql = format!(
            "DO $$ BEGIN
               WHILE NOT EXISTS ({query}) LOOP
                 IF clock_timestamp() > now() + interval '{CATCH_UP}' THEN
                   RAISE 'the standby did not catch up within {CATCH_UP}';
                 END IF;
                 PERFORM pg_sleep(0.01), pg_stat_clear_snapshot();
               END LOOP;
             END $$"
        );
        self.sql(MAINTENANCE, &sql).map(drop)
    }
}
