from django.urls import path

from orders_api.views import OrderDetail, OrderList

urlpatterns = [
    path("orders", OrderList.as_view()),
    path("orders/<str:name>", OrderDetail.as_view()),
]
