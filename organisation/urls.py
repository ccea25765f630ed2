"""The addresses of this room."""

from django.urls import URLPattern, path

from organisation.views import about, account, cover, demo_clock, providers, unsent

app_name = "organisation"

urlpatterns: list[URLPattern] = [
    path("account/", account.AccountPage.as_view(), name="account"),
    path("account/shortcuts/", account.Shortcuts.as_view(), name="shortcuts"),
    path("account/session/", account.SessionLeft.as_view(), name="session"),
    path("account/answers/", account.Answers.as_view(), name="answers"),
    path("account/unsent/", unsent.Unsent.as_view(), name="unsent"),
    path("account/sign-out-everywhere/", account.SignOutEverywhere.as_view(), name="sign_out_everywhere"),
    path("account/cover/", cover.CoverPage.as_view(), name="cover"),
    path("account/cover/<int:pk>/end/", cover.end, name="end_cover"),
    path("providers/", providers.ProviderDirectory.as_view(), name="providers"),
    path("demo/clock/", demo_clock.ClockPage.as_view(), name="clock"),
    path("demo/clock/back/", demo_clock.put_back, name="clock_back"),
    path("help/", about.AboutPage.as_view(template_name="organisation/help.html"), name="help"),
    path(
        "accessibility/", about.AboutPage.as_view(template_name="organisation/accessibility.html"), name="accessibility"
    ),
    path("privacy/", about.AboutPage.as_view(template_name="organisation/privacy.html"), name="privacy"),
    path("report-a-problem/", about.AboutPage.as_view(template_name="organisation/problem.html"), name="problem"),
    path("brand/<int:pk>.css", about.brand, name="brand"),
]
