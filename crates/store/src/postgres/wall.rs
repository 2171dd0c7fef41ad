//! The wall between tenants: whether row-level security binds the role that we are.
//!
//! PostgreSQL passes superusers, roles with BYPASSRLS and, without FORCE, the owner of a table and the members of
//! the owner without a word. So it is asked.

use tokio_postgres::Client;

/// A way past the wall.
#[derive(Debug)]
pub(super) struct Gap {
    /// Who can pass.
    pub(super) role: String,
    /// What lets it pass.
    pub(super) why: String,
}

/// Roles that no policy binds, as far as we are one or can become one by SET ROLE; ourselves first.
const EXEMPT: &str = "\
    SELECT session_user::TEXT, rolname::TEXT, CASE WHEN rolsuper THEN 'SUPERUSER' ELSE 'BYPASSRLS' END \
    FROM pg_roles WHERE (rolsuper OR rolbypassrls) AND pg_has_role(session_user, oid, 'MEMBER') \
    ORDER BY rolname <> session_user, rolname LIMIT 1";

/// Tables with rows of tenants whose policy is not in force for us, or not alone in granting rows.
const OPEN: &str = "\
    SELECT current_user::TEXT, c.relname::TEXT, row_security_active(c.oid) \
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
    WHERE n.nspname = 'flexportal' AND c.relkind IN ('r', 'p') \
    AND (c.relname = 'tenants' OR EXISTS ( \
      SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped)) \
    AND (NOT row_security_active(c.oid) OR EXISTS ( \
      SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polpermissive AND (p.polname <> 'one_tenant' \
      OR p.polwithcheck IS NOT NULL \
      OR pg_get_expr(p.polqual, p.polrelid) NOT LIKE '%current_setting(''flexportal.tenant''%'))) \
    ORDER BY c.relname LIMIT 1";

/// The first way past the wall that the role opens, whatever the tables say.
pub(super) async fn gap_of_role(client: &Client) -> Result<Option<Gap>, tokio_postgres::Error> {
    let Some(row) = client.query_typed_opt(EXEMPT, &[]).await? else {
        return Ok(None);
    };
    let (role, exempt): (String, String) = (row.try_get(0)?, row.try_get(1)?);
    let attribute: &str = row.try_get(2)?;
    let why = if role == exempt {
        format!("it is {attribute}")
    } else {
        format!("it is a member of `{exempt}`, which is {attribute}")
    };
    Ok(Some(Gap { role, why }))
}

/// The first table that is open to the role.
pub(super) async fn gap_of_tables(client: &Client) -> Result<Option<Gap>, tokio_postgres::Error> {
    let Some(row) = client.query_typed_opt(OPEN, &[]).await? else {
        return Ok(None);
    };
    let (role, table): (String, String) = (row.try_get(0)?, row.try_get(1)?);
    let why = if row.try_get(2)? {
        format!("table `{table}` has another policy than `one_tenant`")
    } else {
        format!("on table `{table}` it is not enabled, or not forced on the owner")
    };
    Ok(Some(Gap { role, why }))
}
