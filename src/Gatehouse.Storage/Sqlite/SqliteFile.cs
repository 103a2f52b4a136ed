namespace Gatehouse.Storage.Sqlite;

/// <summary>
/// Makes the database's folder and file readable by nobody but the account that the server runs as: they hold password hashes and
/// people's addresses. SQLite gives its write-ahead log the file's own permissions. What exists already keeps what its owner gave it.
/// </summary>
internal static class SqliteFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly Lock creating = new();

    internal static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
    }

    /// <summary>
    /// Makes the file for the connection that is about to be opened. Never opens one that exists: closing it again would drop the locks
    /// that SQLite holds on it in this process. For the same reason nobody opens it before it is closed here.
    /// </summary>
    internal static void Create(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        lock (creating)
        {
            if (File.Exists(path)) return;
            try { new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }).Dispose(); }
            catch (IOException) when (File.Exists(path)) { /* Another process made it in between, as privately. */ }
        }
    }
}
