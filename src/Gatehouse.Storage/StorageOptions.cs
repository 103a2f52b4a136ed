using System.ComponentModel.DataAnnotations;

namespace Gatehouse.Storage;

/// <summary>Where the data lives. Section <c>Storage</c>.</summary>
public sealed class StorageOptions
{
    public const string Section = "Storage";

    /// <summary>The folder of the embedded database (<c>gatehouse.db</c>) and of <c>master.key</c>. Default <c>data</c>.</summary>
    [Required, MinLength(1)]
    public string DataDirectory { get; set; } = "data";

    /// <summary>
    /// Npgsql connection string of a PostgreSQL 15 or later database. Empty (the default) uses the embedded SQLite. The role must not be
    /// a superuser, or row-level security does not bind it.
    /// </summary>
    public string Postgres { get; set; } = "";

    /// <summary>
    /// Whether SQLite waits for the disk at every commit. True (the default) loses nothing acknowledged even when power fails; false
    /// still loses nothing when the process is killed.
    /// </summary>
    public bool SqliteSyncEveryCommit { get; set; } = true;
}
