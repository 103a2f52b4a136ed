using Gatehouse.Pages;

namespace Gatehouse.Account;

/// <summary>The words about the end of an account that is still to come.</summary>
public abstract class DeletionTexts : TextSet
{
    public static DeletionTexts For(Locale locale) => Of<DeletionTexts>(locale, EnglishDeletionTexts.Instance, PersianDeletionTexts.Instance);

    public abstract string Title { get; }
    public abstract string Text(string date);
    public abstract string ByOthers { get; }
    public abstract string Keep { get; }
    public abstract string Kept { get; }
    public abstract string KeptText { get; }
    public abstract string Later(int days);
}

internal sealed class EnglishDeletionTexts : DeletionTexts
{
    internal static EnglishDeletionTexts Instance { get; } = new();

    public override string Title => "Your account will be deleted";
    public override string Text(string date) => $"On {Isolate(date)} your account and everything in it will be deleted for good.";
    public override string ByOthers => "The people who run this service decided that. Ask them if you want to keep it.";
    public override string Keep => "Keep my account";
    public override string Kept => "Your account is kept";
    public override string KeptText => "It will not be deleted.";
    public override string Later(int days) => $"You can change your mind for {Locale.English.Number(days)} days: until then you sign in as usual.";
}

internal sealed class PersianDeletionTexts : DeletionTexts
{
    internal static PersianDeletionTexts Instance { get; } = new();

    public override string Title => "حساب شما حذف خواهد شد";
    public override string Text(string date) => $"در {Isolate(date)} حساب شما با هر چه در آن است برای همیشه حذف خواهد شد.";
    public override string ByOthers => "گردانندگان این سرویس چنین تصمیمی گرفته‌اند. اگر می‌خواهید حساب بماند، از آنان بخواهید.";
    public override string Keep => "حسابم بماند";
    public override string Kept => "حساب شما می‌ماند";
    public override string KeptText => "حذف نخواهد شد.";
    public override string Later(int days) => $"تا {Locale.Persian.Number(days)} روز می‌توانید نظرتان را عوض کنید: تا آن زمان مانند همیشه وارد می‌شوید.";
}
