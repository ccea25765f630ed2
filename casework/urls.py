"""Where the pages of this room are."""

from django.urls import path

from casework.views import audit, calendar, history, notifications, outbox, queues, rules, work_items

app_name = "casework"

urlpatterns = [
    path("requests/", queues.Queues.as_view(), name="queues"),
    path("queues/<slug:key>/", queues.QueuePage.as_view(), name="queue"),
    path("queues/<slug:key>/export/", queues.QueueExport.as_view(), name="queue_export"),
    path("work/<int:pk>/", work_items.ItemPage.as_view(), name="item"),
    path("work/<int:pk>/do/<slug:verb>/", work_items.ItemVerbPage.as_view(), name="workitem_verb"),
    path("history/<int:pk>/", history.History.as_view(), name="history"),
    path("audit/", audit.AuditPage.as_view(), name="audit"),
    path("audit/export/", audit.AuditExport.as_view(), name="audit_export"),
    path("rules/<int:organisation>/<int:number>/", rules.RulesPage.as_view(), name="rules"),
    path("notifications/", notifications.Notifications.as_view(), name="notifications"),
    path("notifications/read/", notifications.ReadAll.as_view(), name="notifications_read"),
    path("notifications/<int:pk>/read/", notifications.ReadOne.as_view(), name="notification_read"),
    path("notifications/preferences/", notifications.Preferences.as_view(), name="preferences"),
    path("notifications/calendar/", calendar.OwnCalendar.as_view(), name="own_calendar"),
    path("calendar/<uuid:number>/<slug:signature>.ics", calendar.feed, name="calendar"),
    path("outbox/", outbox.Outbox.as_view(), name="outbox"),
]
