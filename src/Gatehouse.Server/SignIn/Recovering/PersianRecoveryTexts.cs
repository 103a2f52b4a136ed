using Gatehouse.Pages;

namespace Gatehouse.SignIn.Recovering;

internal sealed class PersianRecoveryTexts : RecoveryTexts
{
    internal static PersianRecoveryTexts Instance { get; } = new();

    public override string Title => "همه را از دست داده‌اید؟";
    public override string Lead => "می‌توانیم مرحلهٔ دوم و گذرکلیدهای شما را برداریم تا بدون آن‌ها وارد شوید و تازه‌شان را بسازید.";
    public override string Takes(int hours) => $"برای آن‌که کسی به نام شما چنین نکند، این کار {(hours % 24 != 0 ? $"{Locale.Persian.Number(hours)} ساعت" : $"{Locale.Persian.Number(hours / 24)} روز")} زمان می‌برد. به همهٔ نشانی‌های شما خبر داده می‌شود و از هر کدام می‌توان جلوی آن را گرفت. ورود با آنچه گمان می‌کردید گم شده است نیز جلوی آن را می‌گیرد.";
    public override string FirstMail => "نخست پیوندی به نشانی اصلی شما می‌فرستیم. با استفاده از آن، کار آغاز می‌شود.";
    public override string Start => "آغاز بازیابی";
    public override string AnotherProof => "افزون بر ایمیل، نشانهٔ دیگری لازم است که شما خودتان هستید.";
    public override string SendCode(string number) => $"فرستادن کد به {IsolateLeftToRight(number)}";
    public override string AskWhy => "بدون نشانه‌ای دیگر، گردانندگان این سرویس باید موافقت کنند.";
    public override string Ask => "درخواست از آنان و آغاز";
    public override string PasswordFirst => "گذرواژهٔ خود را می‌دانید؟ نخست آن را وارد کنید";

    public override string Sent => "پیامی برایتان فرستادیم. برای ادامه، تا ۶۰ دقیقهٔ دیگر پیوند آن را باز کنید.";
    public override string SentHint => "پیامی نیامده؟ پوشهٔ هرزنامه را ببینید.";
    public override string NoMailboxTitle => "کمک بخواهید";
    public override string NoMailbox => "حساب شما نشانی تأییدشده‌ای ندارد که بتوانیم به آن بنویسیم. گردانندگان این سرویس می‌توانند به شما کمک کنند.";
    public override string UnderWayTitle => "بازیابی در جریان است";
    public override string UnderWay(string time) => $"از {IsolateLeftToRight(time)} به بعد، پیوندی که به نشانی اصلی شما می‌فرستیم آن را کامل می‌کند.";
    public override string UnderWayShort => "هنگامی که زمانش برسد، پیوندی که به نشانی اصلی شما می‌فرستیم آن را کامل می‌کند.";
    public override string UnderWayHint => "هر پیامی دربارهٔ آن پیوندی برای لغو دارد. اگر گمشده را یافتید، کافی است با آن وارد شوید.";
    public override string WillBeAsked => "گردانندگان این سرویس باید نخست موافقت کنند. به آنان بگویید که درخواست کرده‌اید.";

    public override string ConfirmTitle => "بازیابی آغاز شود؟";
    public override string ConfirmLead => "از این پس به همهٔ نشانی‌های شما خبر داده می‌شود. پس از پایان زمان انتظار می‌توانید مرحلهٔ دوم و گذرکلیدهای خود را بردارید.";
    public override string CancelTitle => "بازیابی لغو شود؟";
    public override string CancelLead => "مرحلهٔ دوم و گذرکلیدهای شما همان‌گونه که هستند می‌مانند.";
    public override string Cancel => "لغو بازیابی";
    public override string CancelledTitle => "بازیابی لغو شد";
    public override string CancelledText => "چیزی در حساب شما تغییر نکرد.";
    public override string CancelledHint => "شما آن را نخواسته بودید؟ پس شاید کسی گذرواژهٔ شما را بداند: همین حالا گذرواژهٔ دیگری انتخاب کنید.";
    public override string CompleteTitle => "بازیابی کامل شود؟";
    public override string CompleteLead => "مرحلهٔ دوم و گذرکلیدهای شما برداشته می‌شوند و از همهٔ دستگاه‌هایتان خارج می‌شوید. سپس وارد شوید و تازه‌شان را بسازید.";
    public override string CompleteLeadPassword => "گذرکلیدهای شما برداشته می‌شوند و از همهٔ دستگاه‌هایتان خارج می‌شوید. گذرواژه‌ای برای ورود انتخاب کنید و سپس گذرکلید تازه‌ای بسازید.";
    public override string Complete => "کامل کردن بازیابی";
    public override string DoneTitle => "حساب شما بازیابی شد";
    public override string DoneText => "آنچه از دست داده بودید برداشته شد. وارد شوید و مرحلهٔ دوم یا گذرکلید را از نو بسازید.";
}
